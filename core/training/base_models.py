"""Tell what a model's name stands for, and find what is wrong with it without loading it; no torch."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.errors import TrainingError
from core.training.recipes import SMOKE_TEST

_HUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


@dataclass(frozen=True)
class BaseModel:
    """What a recipe's model stands for; `folder` is set for a folder on this machine."""

    source: Literal["smoke-test", "folder", "hub"]
    name: str
    folder: Path | None = None


def base_model(name: str) -> BaseModel:
    """Return what a model's name stands for, after a look at what can be seen without loading it.

    Raises:
        TrainingError: it is no folder of a model with safetensors weights, and no hub name either.
    """
    if name == SMOKE_TEST:
        return BaseModel("smoke-test", name)
    try:
        path = Path(name).expanduser()
        is_folder = path.is_dir()
    except (OSError, RuntimeError, ValueError):
        raise TrainingError(
            f"{name[:80]!r}: there is no model folder of that name. Name a folder, a hub model, or smoke-test."
        ) from None
    looks_like_a_path = name.startswith(("/", ".", "~")) or "\\" in name
    if is_folder:
        try:
            check_model_folder(path)
        except PermissionError as error:
            raise TrainingError(f"The model folder {name} may not be read. Ask whoever it belongs to.") from error
        return BaseModel("folder", name, path.resolve())
    if looks_like_a_path or not _HUB_NAME.fullmatch(name):
        raise TrainingError(
            f"There is no model folder {name[:200]!r}. Name a folder that holds config.json and *.safetensors, "
            f"a hub model as owner/name, or {SMOKE_TEST}."
        )
    return BaseModel("hub", name)


def check_model_folder(folder: Path) -> None:
    """Make sure that a folder looks like a model with safetensors weights.

    Raises:
        TrainingError: says what is missing or wrong.
    """
    if not (folder / "config.json").is_file():
        if (folder / "adapter_config.json").is_file():
            raise TrainingError(
                f"{folder} holds an adapter, not a model. Name the folder of the model it was made for."
            )
        raise TrainingError(f"{folder} is no model folder: it holds no config.json.")
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except (ValueError, RecursionError) as error:
        raise TrainingError(f"{folder}: config.json cannot be read ({error}).") from error
    if not isinstance(config, dict) or not isinstance(config.get("model_type"), str):
        raise TrainingError(f"{folder} is no model folder: its config.json names no model_type.")
    if not weight_files(folder):
        if any(any(folder.glob(pattern)) for pattern in _PICKLES):
            raise TrainingError(
                f"{folder} holds its weights as pickle files only, and those can run any code when they are opened. "
                "Convert them to safetensors first."
            )
        raise TrainingError(f"{folder} holds no weights: there is no *.safetensors file in it.")


def weight_files(folder: Path) -> list[Path]:
    """Return a model folder's weight files, by name."""
    return sorted(folder.glob("*.safetensors"))


def weights_sha256(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each weight file by name; this reads them whole."""
    sums = {}
    for path in weight_files(folder):
        with path.open("rb") as file:
            sums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums

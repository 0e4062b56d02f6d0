"""Load what a training starts from: the model with its processor, the adapter's places, the rows with their pictures.

Safetensors only, and never code that a model brings along.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, load_dataset
from huggingface_hub import snapshot_download
from peft import LoraConfig
from PIL import Image as Pillow
from pyarrow import parquet
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    PreTrainedModel,
)
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

from core.errors import TrainingError
from core.training.base_models import BaseModel, check_model_folder, weights_sha256
from core.training.recipes import Recipe
from core.training.worker.build import smoke_test_folder
from core.training_sets.folder import parquet_path
from core.training_sets.rows import Part

# Nothing of a hub model is fetched that is not weights in safetensors or plain text.
_FETCHED = ["*.safetensors", "*.json", "*.txt", "*.jinja", "*.model"]


@dataclass(frozen=True)
class LoadedModel:
    """A base model with its processor (a tokenizer for models of text only), and what it was loaded from."""

    model: PreTrainedModel
    processor: Any
    sees_pictures: bool
    weights: dict[str, str]


def load_model(base: BaseModel) -> LoadedModel:
    """Return a base model, on the processor or in the GPU's memory as the trainer will want it.

    Raises:
        TrainingError: it cannot be found or loaded.
    """
    folder = _folder(base)
    loading: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(folder, **loading)
        sees_pictures = config.model_type in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
        kind = AutoModelForImageTextToText if sees_pictures else AutoModelForCausalLM
        dtype = "auto" if torch.cuda.is_available() else torch.float32
        model = kind.from_pretrained(folder, dtype=dtype, use_safetensors=True, **loading)
        processor = (AutoProcessor if sees_pictures else AutoTokenizer).from_pretrained(folder, **loading)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise TrainingError(f"The model {base.name} cannot be loaded: {first}") from error
    return LoadedModel(model, processor, sees_pictures, weights_sha256(folder))


def _folder(base: BaseModel) -> Path:
    if base.source == "smoke-test":
        return smoke_test_folder()
    if base.folder is not None:
        check_model_folder(base.folder)
        return base.folder
    try:
        folder = Path(snapshot_download(base.name, allow_patterns=_FETCHED))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The model {base.name} cannot be fetched from the hub ({type(error).__name__}), and it is not on this "
            "machine. Check the name and the connection, or name a folder."
        ) from error
    check_model_folder(folder)
    return folder


def adapter_config(model: PreTrainedModel, recipe: Recipe) -> LoraConfig:
    """Return LoRA on the linear layers of the language model, or on all of them, never on the output head."""
    targets: str = "all-linear"
    if recipe.lora_targets == "language-model":
        targets = _language_model_layers(model)
    return LoraConfig(
        r=recipe.lora_rank,
        lora_alpha=recipe.lora_alpha,
        # None: with dropout the first loss of DPO is not ln 2, and that loss is how a wrong reference is found.
        lora_dropout=0.0,
        target_modules=targets,
        exclude_modules=r".*lm_head",
        task_type="CAUSAL_LM",
    )


def _language_model_layers(model: PreTrainedModel) -> str:
    """Return a pattern for the linear layers of the part that reads and writes text."""
    decoder = model.get_decoder()
    prefix = next((name for name, module in model.named_modules() if module is decoder), "")
    leaves = {
        name.rsplit(".", 1)[-1] for name, module in decoder.named_modules() if isinstance(module, torch.nn.Linear)
    }
    if not leaves:
        raise TrainingError(
            "The model's language part has no linear layer for an adapter. Use lora_targets=all-linear."
        )
    inside = f"{re.escape(prefix)}\\." if prefix else ""
    return rf"{inside}.*\.({'|'.join(sorted(map(re.escape, leaves)))})"


def load_rows(
    folder: Path, part: Part, *, loaded: LoadedModel, max_image_side: int | None, cache: Path
) -> Dataset | None:
    """Return one part of a frozen set, with its pictures as the model is to see them; None for a part without rows.

    The rows are read from `cache` as long as they are used; it may grow as large as the set.

    Raises:
        TrainingError: the rows have pictures and the model sees none.
    """
    path = parquet_path(folder, part)
    if not parquet.read_metadata(path).num_rows:
        return None
    rows = load_dataset("parquet", data_files={part: str(path)}, split=part, cache_dir=str(cache))
    if not loaded.sees_pictures:
        return _words_only(rows)

    def shown(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        if "images" not in batch:
            return batch
        return {**batch, "images": [[_shown(picture, max_image_side) for picture in row] for row in batch["images"]]}

    return rows.with_transform(shown)


def _words_only(rows: Dataset) -> Dataset:
    """Return rows for a model of text: content as plain strings, which is what chat templates of such models take."""
    spoken = [name for name in ("prompt", "chosen", "rejected", "completion") if name in rows.column_names]
    if any(len(pictures) for pictures in rows.with_format("arrow")["images"]):
        raise TrainingError("The training set has pictures and this model cannot see any. Choose one that can.")
    plain = rows.select_columns(spoken)
    return Dataset.from_list(
        [{name: [_as_string(message) for message in row[name]] for name in spoken} for row in plain]
    )


def _as_string(message: dict[str, Any]) -> dict[str, str]:
    return {"role": message["role"], "content": "".join(block["text"] or "" for block in message["content"])}


def _shown(picture: Pillow.Image, max_side: int | None) -> Pillow.Image:
    """Return a picture in colour, opaque and no larger than asked; `datasets` has set it upright already."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        picture = Pillow.new("RGB", layered.size, "white")
        picture.paste(layered, mask=layered.getchannel("A"))
    picture = picture.convert("RGB")
    if max_side is not None and max(picture.size) > max_side:
        picture.thumbnail((max_side, max_side), Pillow.Resampling.BICUBIC)
    return picture

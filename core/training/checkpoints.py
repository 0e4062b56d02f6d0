"""Tell complete checkpoints from half-written ones; no torch.

The trainer writes a checkpoint file by file. When all are there, a note of their sizes is put beside them in one step;
what a kill cut off has no such note or does not fit it, and is never resumed from.
"""

import json
from pathlib import Path

_NOTE = "complete.json"
_NEEDED = ("trainer_state.json", "adapter_model.safetensors", "adapter_config.json", "optimizer.pt", "scheduler.pt")


def checkpoint_folder(run_folder: Path, step: int) -> Path:
    """Return where the checkpoint of a step lies; the trainer names it so."""
    return run_folder / "checkpoints" / f"checkpoint-{step}"


def mark_complete(checkpoint: Path) -> None:
    """Note that a checkpoint is written whole, with the sizes of its files."""
    sizes = {file.name: file.stat().st_size for file in checkpoint.iterdir() if file.is_file() and file.name != _NOTE}
    writing = checkpoint / f".{_NOTE}"
    writing.write_text(json.dumps(sizes), encoding="utf-8")
    writing.replace(checkpoint / _NOTE)


def is_complete(checkpoint: Path) -> bool:
    """Return whether every file of a checkpoint is there in the size it was noted with."""
    try:
        sizes = json.loads((checkpoint / _NOTE).read_bytes())
        return all(name in sizes for name in _NEEDED) and all(
            (checkpoint / name).stat().st_size == size for name, size in sizes.items()
        )
    except (OSError, ValueError, AttributeError):
        return False


def complete_checkpoints(run_folder: Path) -> dict[int, Path]:
    """Return the complete checkpoints of a run by step, lowest first."""
    found = {}
    for path in (run_folder / "checkpoints").glob("checkpoint-*"):
        number = path.name.removeprefix("checkpoint-")
        if number.isdigit() and is_complete(path):
            found[int(number)] = path
    return dict(sorted(found.items()))


def newest_checkpoint(run_folder: Path) -> tuple[int, Path] | None:
    """Return step and folder of the newest complete checkpoint, None if there is none."""
    found = complete_checkpoints(run_folder)
    return next(reversed(found.items())) if found else None

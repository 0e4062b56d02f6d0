"""Turn a preset, a file or single settings into the checked recipe of a training; no torch."""

import json
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import TrainingError
from core.rubric import TrainingSetKind

SMOKE_TEST = "smoke-test"
Adapted = Literal["language-model", "all-linear"]
Schedule = Literal["constant", "linear", "cosine"]
_CHOICES: dict[str, tuple[str, ...]] = {
    "method": get_args(TrainingSetKind),
    "lora_targets": get_args(Adapted),
    "schedule": get_args(Schedule),
}
# (lowest, highest), both allowed.
_BOUNDS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-9, 1.0),
    "epochs": (0.001, 1000),
    "max_steps": (1, 10_000_000),
    "batch_size": (1, 1024),
    "gradient_accumulation": (1, 4096),
    "beta": (1e-6, 100),
    "lora_rank": (1, 1024),
    "lora_alpha": (1, 4096),
    "max_image_side": (28, 16_384),
    "seed": (0, 2**32 - 1),
    "save_steps": (1, 1_000_000),
    "logging_steps": (1, 1_000_000),
}


def _check(name: str, kind: Any, given: Any) -> None:  # noqa: ANN401 - what a file holds can be anything
    if given is None and type(None) in get_args(kind):
        return
    if name in _CHOICES:
        if given not in _CHOICES[name]:
            raise TrainingError(f"Recipe, {name}: {repr(given)[:60]} is none of {', '.join(_CHOICES[name])}.")
    elif name in _BOUNDS:
        _check_number(name, given, whole=kind in (int, int | None))
    elif not isinstance(given, str) or not given.strip() or given != given.strip() or not given.isprintable():
        raise TrainingError(
            f"Recipe, {name}: {repr(given)[:60]} is not a text that can be used here. Write it without spaces around."
        )


def _check_number(name: str, given: Any, *, whole: bool) -> None:  # noqa: ANN401
    lowest, highest = _BOUNDS[name]
    number = isinstance(given, int if whole else (int, float)) and not isinstance(given, bool)
    # A number that is none lies outside of every bound.
    if not number or not lowest <= given <= highest:
        word = "whole number" if whole else "number"
        raise TrainingError(f"Recipe, {name}: {repr(given)[:60]} is no {word} from {lowest:g} to {highest:g}.")


@dataclass(frozen=True)
class Recipe:
    """The settings of a training; a value out of place is refused when the recipe is made.

    `model` is "smoke-test" (random weights that prove plumbing, nothing else), a folder, or a hub name owner/name.
    `max_steps` ends a training before its epochs do. `batch_size` is per device; it times `gradient_accumulation` is
    how many rows make one step. `max_image_side` shrinks larger pictures, in pixels. `method` None is that of the set.
    """

    preset: str = SMOKE_TEST
    method: TrainingSetKind | None = None
    model: str = SMOKE_TEST
    learning_rate: float = 5e-5
    schedule: Schedule = "cosine"
    epochs: float = 1.0
    max_steps: int | None = None
    batch_size: int = 1
    gradient_accumulation: int = 8
    beta: float = 0.1
    lora_rank: int = 16
    lora_alpha: int = 32
    lora_targets: Adapted = "language-model"
    max_image_side: int | None = None
    seed: int = 0
    save_steps: int = 50
    logging_steps: int = 1

    def __post_init__(self) -> None:
        """Refuse values that cannot be meant.

        Raises:
            TrainingError: names the setting, what it was and what it may be.
        """
        for field in fields(self):
            _check(field.name, field.type, getattr(self, field.name))


# One epoch, beta 0.1 and batches of 8 are CROSS's settings. Its learning rate (5e-4, probably with LoRA) is not taken
# over: it is high for DPO, where a policy that runs away from its reference forgets how to write.
PRESETS: dict[str, Recipe] = {
    SMOKE_TEST: Recipe(
        preset=SMOKE_TEST,
        learning_rate=1e-3,
        max_steps=8,
        epochs=100,
        batch_size=2,
        gradient_accumulation=1,
        lora_rank=8,
        lora_alpha=16,
        max_image_side=256,
        save_steps=4,
    ),
    "dpo-lora": Recipe(preset="dpo-lora", method="dpo", learning_rate=5e-5),
    "sft-lora": Recipe(preset="sft-lora", method="sft", learning_rate=2e-4),
}


def recipe_from(source: str, changes: Sequence[str] = ()) -> Recipe:
    """Return the recipe a preset's name or a TOML or JSON file stands for.

    Args:
        source: a preset's name, or the path of a file whose keys are a recipe's settings; its key `preset` names the
            preset the others come from.
        changes: settings to change, each as "key=value".

    Raises:
        TrainingError: no such preset or file, an unknown key or a bad value; the text names it.
    """
    recipe = PRESETS[source] if source in PRESETS else recipe_of(_file_content(source), where=source)
    return recipe_with(recipe, dict(_change(text) for text in changes))


def recipe_of(settings: Mapping[str, Any], *, where: str = "recipe") -> Recipe:
    """Return the recipe a mapping stands for, as `recipe_from` reads it.

    Raises:
        TrainingError: an unknown key or a bad value.
    """
    preset = settings.get("preset", SMOKE_TEST)
    if not isinstance(preset, str) or preset not in PRESETS:
        raise TrainingError(f"{where}, preset: {repr(preset)[:60]} is none of {', '.join(PRESETS)}.")
    return recipe_with(PRESETS[preset], settings, where=where)


def recipe_with(recipe: Recipe, changes: Mapping[str, Any], *, where: str = "recipe") -> Recipe:
    """Return a recipe with some settings changed.

    Raises:
        TrainingError: an unknown key or a bad value.
    """
    known = [field.name for field in fields(Recipe)]
    for key in changes:
        if key not in known:
            raise TrainingError(f"{where}, {key[:60]}: there is no such setting. There are {', '.join(known)}.")
    return replace(recipe, **changes)


def recipe_for(recipe: Recipe, kind: str) -> Recipe:
    """Return the recipe as it is used with a set of a kind.

    Raises:
        TrainingError: the recipe's method needs a set of the other kind.
    """
    if recipe.method not in (None, kind):
        needed = "pairs (dpo)" if recipe.method == "dpo" else "examples (sft)"
        raise TrainingError(f"Recipe, method: {recipe.method} needs a training set of {needed}, this one is {kind}.")
    return recipe_with(recipe, {"method": kind})


def changes_from_preset(recipe: Recipe) -> dict[str, Any]:
    """Return the settings in which a recipe differs from its preset; the method is the set's, so it is none."""
    preset = asdict(PRESETS.get(recipe.preset, PRESETS[SMOKE_TEST]))
    return {
        key: held for key, held in asdict(recipe).items() if held != preset[key] and key not in ("preset", "method")
    }


def command_for(training_set: str, recipe: Recipe) -> str:
    """Return the command line that starts the same training, ready for a shell."""
    words = ["cross-review", "train", training_set, "--recipe", recipe.preset]
    for key, held in changes_from_preset(recipe).items():
        words += ["--set", f"{key}={'none' if held is None else held}"]
    return shlex.join([*words, "--json"])


def _file_content(source: str) -> Mapping[str, Any]:
    try:
        path = Path(source).expanduser()
        found = path.is_file()
    except (OSError, RuntimeError, ValueError):
        found = False
    if not found:
        raise TrainingError(
            f"There is no recipe {source[:200]!r}: "
            f"it is neither a preset ({', '.join(PRESETS)}) nor a TOML or JSON file."
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
        content = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise TrainingError(f"The recipe {source} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise TrainingError(f"The recipe {source} is no table of settings.")
    return content


def _change(text: str) -> tuple[str, Any]:
    key, equals, given = text.partition("=")
    if not equals:
        raise TrainingError(f"{text[:60]!r} changes no setting. Write it as key=value, for example epochs=2.")
    field = {field.name: field for field in fields(Recipe)}.get(key)
    if given == "none":
        return key, None
    if field is None or key not in _BOUNDS:
        return key, given
    whole = field.type in (int, int | None)
    try:
        return key, int(given) if whole else float(given)
    except ValueError:
        raise TrainingError(f"Recipe, {key}: {given[:60]!r} is no {'whole ' if whole else ''}number.") from None

"""What a run was asked for, as its row keeps it in JSON -> the choice and the sampling it stands for. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from core.chat.exchange import Sampling


@dataclass(frozen=True)
class StoredChoice:
    """What a run is about; its subclasses have one field for each thing that can be chosen by."""

    @classmethod
    def stored(cls, given: Mapping[str, Any]) -> Self:
        """Return the choice a run was started with."""
        names = {field.name for field in fields(cls)} & given.keys()
        held: dict[str, Any] = {
            name: tuple(given[name]) if isinstance(given[name], list) else given[name] for name in names
        }
        return cls(**held)

    def as_stored(self) -> dict[str, Any]:
        """Return the choice as JSON."""
        return {name: list(held) if isinstance(held, tuple) else held for name, held in asdict(self).items()}


def sampling_from(parameters: Mapping[str, Any], *, max_tokens: int) -> Sampling:
    """Return how a model is asked; `max_tokens` is for where the parameters name none."""
    return Sampling(
        max_tokens=parameters.get("max_tokens") or max_tokens,
        temperature=parameters.get("temperature"),
        top_p=parameters.get("top_p"),
        seed=parameters.get("seed"),
        reasoning_effort=parameters.get("reasoning_effort"),
    )

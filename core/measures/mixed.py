"""What a number mixes, in words: every screen, command and file that shows one says it. Pure."""

from collections.abc import Sequence

from core.measures.scores import Counted
from core.rubric import SETTING_TITLES
from core.words import counted

_SPLIT_WORDS = {"held_out": "held-out", "training_pool": "training", "quarantined": "quarantined"}


def mixed_words(found: Counted) -> list[str]:
    """Return what is mixed in numbers made of these responses, but for models: an empty list where nothing is."""
    told = []
    if len(found.settings) > 1:
        told.append(" and ".join(SETTING_TITLES[name] for name in found.settings).capitalize())
    if len(found.splits) > 1:
        told.append(f"{_listed([_SPLIT_WORDS[name] for name in found.splits])} items")
    if len(found.rounds) > 1:
        told.append(f"rounds {', '.join(str(number) for number in found.rounds)}")
    if found.with_errata:
        told.append(f"{counted(found.with_errata, 'item')} with a correction proposed or accepted")
    return told


def by_hand_words(labelled: int) -> list[str]:
    """Return how many labelled answers no draw brought: nobody knows how likely each was to be labelled."""
    return [f"{counted(labelled, 'answer')} picked by hand, each counted as one"] if labelled else []


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"

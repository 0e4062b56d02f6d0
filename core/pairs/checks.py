"""What to look at before a pair is accepted. Pure: a pair and its item in, checks out."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from core.models import Item, Pair
from core.rubric import SPLIT_TITLES

MOST_UNEQUAL = 3.0


@dataclass(frozen=True)
class Check:
    """One check: `needed` ones must pass before the pair is accepted, the others only warn."""

    passed: bool
    line: str
    needed: bool = False


def checks_of(pair: Pair, item: Item, *, response_items: set[str]) -> list[Check]:
    """Return the checks of a pair.

    Args:
        pair: as it is stored.
        item: the item it names.
        response_items: the ids of the items that its responses answer.
    """
    chosen, rejected = pair.chosen.strip(), pair.rejected.strip()
    return [
        _same_item(item, response_items),
        _both_texts(chosen, rejected),
        _lengths(chosen, rejected),
        _training_pool(item),
        _scripts(chosen, rejected),
        Check(
            bool(pair.negative_type),
            "Type of negative given" if pair.negative_type else "Choose a type of negative",
            True,
        ),
        Check(bool(pair.reason.strip()), "Reason given" if pair.reason.strip() else "No reason given"),
    ]


def _same_item(item: Item, response_items: set[str]) -> Check:
    same = response_items <= {item.id}
    return Check(same, "Both answer the same item" if same else "One of them answers another item", needed=True)


def _both_texts(chosen: str, rejected: str) -> Check:
    if not chosen or not rejected:
        return Check(False, "One of the two texts is empty", needed=True)
    differ = chosen != rejected
    return Check(differ, "Two different texts" if differ else "Both texts are the same", needed=True)


def _lengths(chosen: str, rejected: str) -> Check:
    short, long = sorted((len(chosen), len(rejected)))
    ratio = long / short if short else float("inf")
    if ratio <= MOST_UNEQUAL:
        return Check(True, f"Lengths within {max(ratio, 1.1):.1f} times")
    return Check(False, "Very unequal lengths: the model may learn length instead of manners")


def _training_pool(item: Item) -> Check:
    if item.split == "training_pool":
        return Check(True, "Item is in the training pool", needed=True)
    meaning = SPLIT_TITLES.get(item.split, item.split)
    return Check(False, f"Item is {meaning}: a pair of it can never be trained on", needed=True)


def _scripts(chosen: str, rejected: str) -> Check:
    same = main_script(chosen) == main_script(rejected)
    return Check(same, "Both in the same script" if same else "The two texts are in different scripts")


def main_script(text: str) -> str | None:
    """Return the script most letters of a text are in ("latin", "arabic", "cjk"), None without letters.

    The first thousand letters decide. Japanese and Chinese signs count as one script.
    """
    letters = [sign for sign in text[:4000] if sign.isalpha()][:1000]
    counts = Counter(_script(sign) for sign in letters)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "unknown").split()[0].lower()
    return "cjk" if name in ("hiragana", "katakana", "halfwidth", "kangxi") else name

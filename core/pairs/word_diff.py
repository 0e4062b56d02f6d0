"""Turn two texts into runs of words that both share or only one has. Pure: texts in, runs out."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Mark = Literal["", "ins", "del"]


class Run(NamedTuple):
    """Words under one mark: "" in both texts, "del" only in the first, "ins" only in the second."""

    mark: Mark
    words: str


# Scripts written without blanks are compared sign by sign; a Thai sign takes its vowels and tones along.
_NO_BLANKS = "\u0e00-\u0e30\u0e32\u0e33\u0e40-\u0e46\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_THAI_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_PUNCTUATION = (
    "!-/:-@\\[-`{-~\u00a1\u00ab\u00bb\u00bf\u060c\u061b\u061f\u0964\u1361-\u1368\u2010-\u2027\u2030-\u205e"
    "\u3001-\u3011\uff01-\uff0f\uff1a\uff1b\uff1f"
)
_TOKEN = re.compile(
    rf"([{_NO_BLANKS}][{_THAI_MARKS}]*|[^\s{_NO_BLANKS}{_PUNCTUATION}]+(?:['’][^\s{_NO_BLANKS}{_PUNCTUATION}]+)*"
    rf"|[{_PUNCTUATION}]|^)(\s*)"
)
# Above this many comparisons the middle is given as changed whole: nobody reads marks in such a text.
_MOST_COMPARISONS = 4_000_000
_LONE_WORDS = 2
# Texts that share less than this are shown without marks: all of it would be marked.
_WORTH_MARKING = 0.25


def word_diff(first: str, second: str) -> list[Run]:
    """Return how the second text differs from the first.

    Words are compared without the blanks that follow them, which come from the second text where it has the word.
    """
    before, after = _tokens(first), _tokens(second)
    runs: list[Run] = []
    for mark, ours, theirs in _changes([word for word, _ in before], [word for word, _ in after]):
        if mark == "":
            runs.append(Run("", _joined(after[theirs])))
            continue
        runs += [Run("del", _joined(before[ours]))] if before[ours] else []
        runs += [Run("ins", _joined(after[theirs]))] if after[theirs] else []
    return [run for run in runs if run.words]


def without(mark: Mark, runs: Iterable[Run]) -> list[Run]:
    """Return the runs of one side only: without "del" the second text, without "ins" the first."""
    return [run for run in runs if run.mark != mark]


def differing_words(runs: Iterable[Run]) -> int:
    """Return how many words stand in one of the two texts only."""
    return sum(_word_count(run) for run in runs if run.mark)


def shared_share(runs: Sequence[Run]) -> float:
    """Return which share of all words (0 to 1) stands in both texts; 0 for texts without words."""
    shared = sum(_word_count(run) for run in runs if not run.mark)
    return shared / (shared + differing_words(runs)) if shared else 0.0


def worth_marking(runs: Sequence[Run]) -> bool:
    """Return whether the texts share enough words for marks to help a reader."""
    return shared_share(runs) >= _WORTH_MARKING


def _word_count(run: Run) -> int:
    return sum(1 for word, _ in _tokens(run.words) if word)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return (word, blanks after it); joined again they are the text."""
    return [(found[1], found[2]) for found in _TOKEN.finditer(text) if found[0]]


def _joined(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(word + blanks for word, blanks in tokens)


def _changes(before: list[str], after: list[str]) -> Iterable[tuple[Mark, slice, slice]]:
    """Yield (mark, slice of before, slice of after) in reading order; any mark but "" is a change."""
    shortest = min(len(before), len(after))
    head = next((at for at in range(shortest) if before[at] != after[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    ours, theirs = before[head : len(before) - tail], after[head : len(after) - tail]
    yield "", slice(0, head), slice(0, head)
    if len(ours) * len(theirs) > _MOST_COMPARISONS:
        yield "del", slice(head, head + len(ours)), slice(head, head + len(theirs))
    else:
        for mark, i, j, k, m in _calmed(SequenceMatcher(None, ours, theirs).get_opcodes()):
            yield mark, slice(head + i, head + j), slice(head + k, head + m)
    yield "", slice(len(before) - tail, len(before)), slice(len(after) - tail, len(after))


def _calmed(codes: Iterable[tuple[str, int, int, int, int]]) -> list[tuple[Mark, int, int, int, int]]:
    """Take a shared word or two between two larger changes as changed: a lone "the" in between only disturbs."""
    spans: list[tuple[Mark, int, int, int, int]] = []
    waiting = list(codes)
    for place, (kind, i, j, k, m) in enumerate(waiting):
        around = [waiting[at] for at in (place - 1, place + 1) if 0 <= at < len(waiting)]
        lone = len(around) == 2 and j - i <= _LONE_WORDS and all(max(b - a, d - c) > j - i for _, a, b, c, d in around)
        mark: Mark = "" if kind == "equal" and not lone else "del"
        if spans and spans[-1][0] == mark == "del":
            spans[-1] = ("del", spans[-1][1], j, spans[-1][3], m)
        else:
            spans.append((mark, i, j, k, m))
    return spans

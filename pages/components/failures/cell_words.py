"""Cells -> words: "31 ±5 n 124", what a hover tells, how a key's entry is called. Pure; texts from data stay raw."""

from collections.abc import Mapping

from core.benchmark.countries import LANGUAGE_NAMES
from core.measures.score_filter import EXPERTS
from core.measures.score_frame import Label
from core.measures.scores import Cell
from core.rubric import DOMAIN_TITLES, RUBRIC, SETTING_TITLES, SPLIT_TITLES
from pages.components.item_words import SUBSET_TITLES, wording_title

KEY_TITLES: dict[str, str] = {
    "country": "Country",
    "dimension": "Dimension",
    "domain": "Domain",
    "language": "Language",
    "region": "Region or group",
    "subset": "Part of CROSS",
    "wording": "Wording",
    "norm": "Norm",
    "round": "Round",
    "month": "Month",
    "split": "Use",
    "setting": "Setting",
    "model": "Model",
    "pattern": "Pattern",
}
_TITLES: dict[str, Mapping[str, str]] = {
    "dimension": {name: words.title for name, words in RUBRIC.items()},
    "domain": DOMAIN_TITLES,
    "language": LANGUAGE_NAMES,
    "subset": SUBSET_TITLES,
    "split": {name: words.capitalize() for name, words in SPLIT_TITLES.items()},
    "setting": SETTING_TITLES,
}


def label_title(key: str, label: Label) -> str:
    """Return how an entry is called on screens; a text from data stays as it is."""
    if label is None:
        return f"{KEY_TITLES[key].lower()} unknown"
    if key == "round":
        return f"Round {label}"
    return wording_title(str(label)) if key == "wording" else _TITLES.get(key, {}).get(str(label), str(label))


def keys_title(keys: Mapping[str, Label]) -> str:
    """Return a cell's entries in one line, such as "Mexico · Compliance"."""
    return " · ".join(label_title(key, label) for key, label in keys.items())


def short_words(cell: Cell) -> str:
    """Return a share as a field of a chart shows it: "31 ±5 n 124", or that there are too few."""
    return _short(cell, "")


def short_difference(cell: Cell) -> str:
    """Return a difference as a field of a chart shows it: "+12 ±5 n 80"."""
    return _short(cell, "+")


def margin(cell: Cell) -> float:
    """Return the longer side of a cell's interval."""
    mean, low, high = cell.mean or 0.0, cell.low or 0.0, cell.high or 0.0
    return max(high - mean, mean - low)


def hover_lines(cell: Cell, *, rater: str, is_difference: bool = False) -> list[str]:
    """Return what a cell tells when pointed at: its number with unit, interval, n, families, whose scores they are."""
    pairs = "pairs of responses" if is_difference else "scored responses"
    base = f"{cell.n:,} {pairs} in {cell.families:,} families"
    if is_small(cell):
        return [keys_title(cell.keys), "Too few to say: no mean is shown", base, rater]
    told = [keys_title(cell.keys), interval_words(cell, is_difference=is_difference), base]
    told += ["Not clear: the interval reaches 0"] if is_difference and not is_clear(cell) else []
    told += _unsaid_lines(cell, is_difference=is_difference) if cell.n_unscored else []
    return [*told, rater]


def _unsaid_lines(cell: Cell, *, is_difference: bool) -> list[str]:
    if is_difference or cell.bounds is None:
        return [f"{cell.n_unscored:,} more without a score"]
    least, most = (number(end) for end in cell.bounds)
    why = "where experts can't say" if cell.rater == EXPERTS else "without a score"
    return [f"{cell.n_unscored:,} more {why}", f"Whatever they would have been: {least} to {most} %"]


def interval_words(cell: Cell, *, is_difference: bool = False) -> str:
    """Return a cell's number with unit and interval: "31.2 %, 95 % interval 26.0 to 36.9"; it must not be small."""
    sign, unit = ("+", "points") if is_difference else ("", "%")
    low, high = (number(end or 0.0, sign) for end in (cell.low, cell.high))
    return f"{number(cell.mean or 0.0, sign)} {unit}, 95 % interval {low} to {high}"


def number(share: float, sign: str = "") -> str:
    """Return a share from -1 to 1 in percent with one decimal, and its sign where wanted."""
    return f"{share * 100:{sign}.1f}".replace("-", "−")


def is_small(cell: Cell) -> bool:
    """Return whether no mean of the cell is shown."""
    return cell.is_small or cell.mean is None or cell.low is None or cell.high is None


def reaches_all(cell: Cell) -> bool:
    """Return whether a share's interval reaches 100 %, as it is shown."""
    return cell.high is not None and number(cell.high) == number(1)


def is_clear(cell: Cell) -> bool:
    """Return whether a difference is surely above or below 0."""
    return cell.low is not None and cell.high is not None and not cell.low <= 0 <= cell.high


def _short(cell: Cell, sign: str) -> str:
    if is_small(cell):
        return f"n {cell.n:,}, too few"
    mean = f"{(cell.mean or 0.0) * 100:{sign}.0f}".replace("-", "−")
    return f"<b>{mean}</b> ±{margin(cell) * 100:.0f} <span style='font-size:10.5px'>n {cell.n:,}</span>"

"""Cells -> fields of a grid: "31.2", "27.0 to 35.9", "n 124". Pure: numbers in, words out."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from core.measures.score_frame import Label
from core.measures.scores import Cell
from core.report.contents import STEPS, Field, Row
from core.rubric import DIMENSIONS, RUBRIC, SETTING_TITLES
from core.words import counted

TOO_FEW = "too few"
NOTHING = Field("–", ("not scored",), "few")
DIMENSION_TITLES: Mapping[str, str] = {name: words.title for name, words in RUBRIC.items()}


def name_of(key: str, label: Label) -> str:
    """Return how an entry is called; a text from data stays as it is."""
    if label is None:
        return f"{key} unknown"
    titles = {"dimension": DIMENSION_TITLES, "setting": SETTING_TITLES}.get(key, {})
    return titles.get(str(label), str(label))


def percent(share: float, sign: str = "") -> str:
    """Return a share from -1 to 1 in percent with one decimal, and its sign where wanted."""
    return f"{share * 100:{sign}.1f}".replace("-", "−")


def span(low: float, high: float, sign: str = "") -> str:
    """Return both ends of an interval in percent."""
    return f"{percent(low, sign)} to {percent(high, sign)}"


def step_of(share: float) -> int:
    """Return the colour of a share from 0 (worst) to 1 (best)."""
    return min(STEPS - 1, max(0, round(share * (STEPS - 1))))


def field_of(cell: Cell | None, *, is_bad: bool = False, more: Iterable[str] = ()) -> Field:
    """Return a cell as a field; of a small one the counts only.

    Args:
        cell: None where the rater has rated nothing.
        is_bad: whether a high share is bad.
        more: further lines, below the number's own.
    """
    if cell is None:
        return NOTHING
    unscored = (f"{cell.n_unscored:,} without a score",) if cell.n_unscored else ()
    base = base_lines(cell.n, cell.families)
    if cell.is_small or cell.mean is None or cell.low is None or cell.high is None:
        return Field(TOO_FEW, (*base, *unscored), "few")
    step = step_of(1 - cell.mean if is_bad else cell.mean)
    return Field(percent(cell.mean), (span(cell.low, cell.high), *base, *unscored, *more), "scaled", step)


def base_lines(n: int, families: int) -> tuple[str, ...]:
    """Return what a number rests on."""
    return f"n {n:,}", counted(families, "family", "families")


def rows_of(
    cells: Sequence[Cell], *, row: str, column: str, columns: Sequence[Label], drawn: Callable[[Cell | None], Field]
) -> tuple[Row, ...]:
    """Return cells as rows, in the order they come in; a field is drawn for what is not there too."""
    held = {(cell.keys[row], cell.keys[column]): cell for cell in cells}
    names = dict.fromkeys(cell.keys[row] for cell in cells)
    return tuple(Row(name_of(row, name), tuple(drawn(held.get((name, one))) for one in columns)) for name in names)


def dimensions_in(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Return the dimensions that cells speak of, in their order."""
    held = {cell.keys["dimension"] for cell in cells}
    return tuple(name for name in DIMENSIONS if name in held)

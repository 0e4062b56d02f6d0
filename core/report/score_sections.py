"""Numbers -> the sections about models: the board, countries by dimensions, the worst cells, manners of failing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.measures.failures import ranked_by_upper_end
from core.measures.leaderboard import REFERENCES, BoardCell
from core.measures.patterns import PATTERN_WORDS, PATTERNS
from core.measures.score_frame import Label
from core.measures.scores import Cell
from core.report.contents import Field, Grid, Row, Section
from core.report.fields import DIMENSION_TITLES, NOTHING, dimensions_in, field_of, name_of, percent, rows_of
from core.report.gathering import BOARD_KEYS, HEAT_KEYS, PATTERN_KEYS, Numbers
from core.report.people_behind import KEPT_BACK
from core.rubric import SETTING_TITLES
from core.words import counted

HELD_BACK = Field("kept back", (KEPT_BACK,), "few")
MOST_WORST = 20
NO_SCORES = "Nothing is scored that fits, so there are no numbers here."


def score_sections(numbers: Numbers) -> tuple[Section, ...]:
    """Return the sections, in the order they are read in."""
    return (_board(numbers), _heat(numbers), _worst(numbers), _patterns(numbers))


def rater_words(numbers: Numbers) -> str:
    """Return whose scores these are; a judge's name is text from data."""
    judge = numbers.wanted.judge
    return f"scores by judge {judge}" if judge else "blind labels by experts from the country"


def _board(numbers: Numbers) -> Section:
    settings = list(dict.fromkeys(one.setting for one in numbers.scores.board))
    grids = [
        _board_grid(numbers, [one for one in numbers.scores.board if one.setting == setting]) for setting in settings
    ]
    return Section(
        "models",
        "All models",
        (
            "Percent of scored responses that did well, with the 95 % interval and the place among all models. Models "
            "stand in the order of their names: a place is given only where differences on the same items allow one.",
        )
        if grids
        else (NO_SCORES,),
        tuple(grids),
        ("The published figures are of other models, judged by another judge on all items: to orient by only.",)
        if grids
        else (),
    )


def _board_grid(numbers: Numbers, board: Sequence[BoardCell]) -> Grid:
    columns = dimensions_in(one.score for one in board)
    held = {(one.model, one.dimension): one for one in board}
    rows = [
        Row(model, tuple(_board_field(numbers, held.get((model, name))) for name in columns))
        for model in sorted({one.model for one in board})
    ]
    title = SETTING_TITLES[board[0].setting]
    caption = f"All models, {title}: percent that did well, {rater_words(numbers)}"
    return Grid(caption, "Model", tuple(DIMENSION_TITLES[name] for name in columns), (*rows, _published(columns)))


def _board_field(numbers: Numbers, one: BoardCell | None) -> Field:
    if one is None:
        return NOTHING
    if numbers.is_kept_back(BOARD_KEYS, {**one.score.keys, "setting": one.setting}):
        return HELD_BACK
    more = ["no rank: too few in common"]
    if one.ranks is not None:
        best, worst = one.ranks.best, one.ranks.worst
        more = [f"rank {best if best == worst else f'{best} to {worst}'} of {one.ranks.of}"]
    if one.round_spread is not None:
        mean = sum(value for _, value in one.round_means) / len(one.round_means)
        more.append(f"{len(one.round_means)} rounds: {percent(mean)} ± {percent(one.round_spread)}")
    return field_of(one.score, more=more)


def _published(columns: Sequence[str]) -> Row:
    held = {one.dimension: one for one in REFERENCES}
    fields = [
        Field(f"{held[name].value * 100:.2f}", (held[name].words, held[name].source)) if name in held else Field("")
        for name in columns
    ]
    return Row("Published, to orient by", tuple(fields), is_aside=True)


def _heat(numbers: Numbers) -> Section:
    models = list(dict.fromkeys(cell.keys["model"] for cell in numbers.scores.heat))
    grids = [_heat_grid(numbers, model) for model in models]
    words = (
        "Percent of scored responses that did well in each country, with the 95 % interval; English and translation "
    )
    words += "together unless one was chosen. Dashed: too few responses to say."
    return Section("countries", "Countries by dimensions", (words,) if grids else (NO_SCORES,), tuple(grids))


def _heat_grid(numbers: Numbers, model: Label) -> Grid:
    held = sorted((cell for cell in numbers.scores.heat if cell.keys["model"] == model), key=_by_country)
    columns = dimensions_in(held)

    def drawn(cell: Cell | None) -> Field:
        hides = cell is not None and numbers.is_kept_back(HEAT_KEYS, cell.keys)
        return HELD_BACK if hides else field_of(cell)

    rows = rows_of(held, row="country", column="dimension", columns=columns, drawn=drawn)
    caption = f"{name_of('model', model)}: percent that did well by country, {rater_words(numbers)}"
    return Grid(caption, "Country", tuple(DIMENSION_TITLES[name] for name in columns), rows, is_narrow=True)


def _by_country(cell: Cell) -> tuple[bool, str]:
    country = cell.keys["country"]
    return country is None, str(country)


def _worst(numbers: Numbers) -> Section:
    shown = [cell for cell in numbers.scores.heat if not numbers.is_kept_back(HEAT_KEYS, cell.keys)]
    worst = ranked_by_upper_end(shown)
    rows = tuple(Row(str(place), _worst_fields(cell)) for place, cell in enumerate(worst.ranked[:MOST_WORST], start=1))
    if not rows:
        return Section("worst", "Surely worst", ("No cell has enough responses to be ranked.",))
    words = (
        "Cells of a model, a country and a dimension, ordered by the upper end of the interval: first those that are "
        f"surely low. The first {len(rows)} of {len(worst.ranked):,}; "
        f"{counted(worst.small, 'cell')} with too few responses left out."
    )
    columns = ("Model", "Country", "Dimension", "Did well, %")
    return Section("worst", "Surely worst", (words,), (Grid("Where models surely do worst", "Place", columns, rows),))


def _worst_fields(cell: Cell) -> tuple[Field, ...]:
    names = (Field(name_of(key, cell.keys[key])) for key in ("model", "country", "dimension"))
    return (*names, field_of(cell))


def _patterns(numbers: Numbers) -> Section:
    cells = [
        replace(cell, keys={**cell.keys, "pattern": name})
        for name in PATTERNS
        for cell in numbers.scores.patterns[name]
    ]
    if not cells:
        return Section("patterns", "How they fail", (NO_SCORES,))

    def drawn(cell: Cell | None) -> Field:
        hides = cell is not None and numbers.is_kept_back(PATTERN_KEYS, cell.keys)
        return HELD_BACK if hides else field_of(cell, is_bad=True)

    titles: Mapping[str, str] = {name: PATTERN_WORDS[name].title for name in PATTERNS}
    rows = rows_of(cells, row="model", column="pattern", columns=PATTERNS, drawn=drawn)
    caption = f"Share of responses that show each pattern, percent, {rater_words(numbers)}"
    return Section(
        "patterns",
        "How they fail",
        tuple(f"{titles[name]}: {PATTERN_WORDS[name].meaning}" for name in PATTERNS),
        (Grid(caption, "Model", tuple(titles.values()), rows),),
        ("The patterns overlap: their shares do not add up. A response that lacks a deciding score is left out.",),
    )

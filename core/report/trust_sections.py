"""Numbers -> the sections about trust: agreement, what experts would say of all responses, second looks."""

from collections.abc import Mapping, Sequence

from core.measures.agreement import GRID, AgreementCell, Compared
from core.measures.corrected_cells import CorrectedCell
from core.measures.corrected_scores import CorrectedScore
from core.measures.score_frame import Label
from core.measures.second_looks import Anchoring, Retest
from core.people_shown import LEAST_PEOPLE
from core.report.contents import Field, Grid, Row, Section
from core.report.fields import DIMENSION_TITLES, NOTHING, base_lines, name_of, percent, span, step_of
from core.report.gathering import AGREEMENT_KEYS, CORRECTED_BY_COUNTRY, CORRECTED_KEYS, Numbers
from core.report.people_behind import KEPT_BACK
from core.report.score_sections import HELD_BACK, NO_SCORES
from core.report.statistic_fields import coefficient_field, percent_field, with_ends
from core.rubric import DIMENSIONS
from core.words import counted

_COEFFICIENTS = ("Agreement, %", "Cohen's kappa", "Krippendorff's alpha", "Gwet's AC1", "Made from")
_LEAST_SHOWN = 0.001
_VERDICTS: Mapping[str, str] = {
    "less": "agrees less than an expert",
    "more": "agrees more than an expert",
    "no sign": "no sign of a difference",
    "untested": "not tested",
}
_NO_LABELS = "There are no blind labels by people from the country that fit, so nobody can say yet how far to believe "
_NO_LABELS += "the judge."


def trust_sections(numbers: Numbers) -> tuple[Section, ...]:
    """Return the sections, in the order they are read in."""
    return (_agreement(numbers), _corrected(numbers), _second_looks(numbers))


def _agreement(numbers: Numbers) -> Section:
    title = "Agreement"
    if not numbers.trust.agreement:
        return Section("agreement", title, (_NO_LABELS,))
    judge = numbers.wanted.judge
    grids = [_coefficients(numbers, "Experts among themselves: the ceiling", is_judge=False)]
    if judge:
        grids = [_coefficients(numbers, f"Judge {judge} with one expert", is_judge=True), *grids, _test(numbers)]
        grids += [_by_country(numbers), *_matrices(numbers)]
    words = "How far the judge agrees with experts, and experts with each other, on blind labels. The experts' own "
    words += "agreement is the ceiling: no judge can be asked for more."
    return Section("agreement", title, (words,), tuple(grid for grid in grids if grid.rows))


def _coefficients(numbers: Numbers, caption: str, *, is_judge: bool) -> Grid:
    rows = []
    for cell in numbers.trust.agreement:
        one = cell.with_judge if is_judge else cell.among_experts
        name = name_of("dimension", cell.keys["dimension"])
        if _hides(numbers, AGREEMENT_KEYS, cell, one):
            rows.append(Row(name, (HELD_BACK,) * len(_COEFFICIENTS)))
            continue
        shares = (one.kappa, one.alpha, one.ac1)
        fields = (
            percent_field(one.percent),
            *(coefficient_field(each) for each in shares),
            _base(one, cell, is_judge=is_judge),
        )
        rows.append(Row(name, fields))
    return Grid(caption, "Dimension", _COEFFICIENTS, tuple(rows))


def _base(one: Compared, cell: AgreementCell, *, is_judge: bool) -> Field:
    lines = [f"{one.labels:,} labels by {one.experts:,} experts", base_lines(one.n, one.families)[1]]
    told = [f'{cell.unsaid:,} "can\'t say"'] if cell.unsaid else []
    told += [f"{cell.given_back:,} given back"] if cell.given_back else []
    if told:
        has_ends = is_judge and cell.worst is not None and cell.best is not None
        ends = f": {span(cell.worst or 0.0, cell.best or 0.0)} at most" if has_ends else ""
        lines.append(f"{', '.join(told)}{ends}")
    return Field(f"n {one.n:,}", tuple(lines))


def _test(numbers: Numbers) -> Grid:
    columns = ("Judge with an expert, %", "Expert with an expert, %", "Difference, points", "q", "In words")
    rows = tuple(
        Row(name_of("dimension", cell.keys["dimension"]), _test_fields(numbers, cell))
        for cell in numbers.trust.agreement
    )
    return Grid("Does the judge agree less than an expert would, on the same responses?", "Dimension", columns, rows)


def _test_fields(numbers: Numbers, cell: AgreementCell) -> tuple[Field, ...]:
    test = cell.test
    if _hides(numbers, AGREEMENT_KEYS, cell, cell.with_judge) or _is_few(cell.among_experts):
        return (HELD_BACK,) * 5
    shares = [NOTHING if share is None else Field(percent(share)) for share in (test.first, test.second)]
    difference = NOTHING
    if test.value is not None:
        ends = span(test.low, test.high, "+") if test.low is not None and test.high is not None else "no interval"
        difference = Field(percent(test.value, "+"), (ends, *base_lines(test.n, test.families)))
    q = NOTHING if cell.q is None else Field(f"{cell.q:.3f}" if cell.q >= _LEAST_SHOWN else f"below {_LEAST_SHOWN}")
    return (*shares, difference, q, Field(_VERDICTS[cell.verdict], (test.note,) if test.note else ()))


def _by_country(numbers: Numbers) -> Grid:
    held = {(cell.keys["country"], cell.keys["dimension"]): cell for cell in numbers.trust.agreement_by_country}
    countries = list(dict.fromkeys(country for country, _ in held))
    rows = tuple(
        Row(name_of("country", country), tuple(_country_field(numbers, held.get((country, one))) for one in DIMENSIONS))
        for country in countries
    )
    caption = "Agreement of the judge with one expert by country, percent, and the experts' own beside it"
    return Grid(caption, "Country", tuple(DIMENSION_TITLES[name] for name in DIMENSIONS), rows)


def _country_field(numbers: Numbers, cell: AgreementCell | None) -> Field:
    if cell is None:
        return NOTHING
    if _hides(numbers, GRID, cell, cell.with_judge):
        return HELD_BACK
    field = percent_field(cell.with_judge.percent)
    experts = cell.among_experts
    ceiling = KEPT_BACK if _is_few(experts) else "too few" if experts.percent.low is None else ""
    ceiling = ceiling or f"{percent(experts.percent.value or 0.0)}, n {experts.n:,}"
    return Field(field.value, (*field.lines, f"experts: {ceiling}", _VERDICTS[cell.verdict]), field.look, field.step)


def _matrices(numbers: Numbers) -> list[Grid]:
    """Return for each dimension how often judge and expert gave which scores together."""
    shown = [cell for cell in numbers.trust.agreement if not _hides(numbers, AGREEMENT_KEYS, cell, cell.with_judge)]
    return [
        Grid(
            f"{name_of('dimension', cell.keys['dimension'])}: which scores came together, percent of all",
            "Score",
            ("Expert 0", "Expert 1"),
            tuple(_matrix_row(cell.with_judge, score) for score in (0, 1)),
            is_narrow=True,
        )
        for cell in shown
        if cell.with_judge.shares
    ]


def _matrix_row(one: Compared, score: int) -> Row:
    both = zip(one.shares[score], one.counts[score], strict=True)
    return Row(f"Judge {score}", tuple(Field(percent(share), (f"{count:,} pairs",)) for share, count in both))


def _corrected(numbers: Numbers) -> Section:
    title = "Corrected scores"
    if not numbers.wanted.judge:
        return Section("corrected", title, ("There is no judge to correct: all scores in here are the experts' own.",))
    words = (
        "What experts from the country would say of all responses, estimated from all scores of the judge and the few "
        "labels; below it the raw judge and the labels alone. Percent that did well, with 95 % intervals.",
    )
    if not numbers.trust.corrected:
        return Section("corrected", title, (NO_SCORES,))
    if not any(cell.score.labels_only.n for cell in numbers.trust.corrected):
        return Section("corrected", title, (_NO_LABELS,))
    grids = [_corrected_grid(numbers, numbers.trust.corrected, CORRECTED_KEYS, "All models: corrected scores")]
    able = {
        (cell.keys["country"], cell.keys["model"])
        for cell in numbers.trust.corrected_by_country
        if not cell.score.missing_labels and not numbers.is_kept_back(CORRECTED_BY_COUNTRY, cell.keys)
    }
    shown = [cell for cell in numbers.trust.corrected_by_country if (cell.keys["country"], cell.keys["model"]) in able]
    notes = []
    if shown:
        caption = "Corrected scores by country, where there are labels enough"
        grids.append(_corrected_grid(numbers, shown, CORRECTED_BY_COUNTRY, caption))
    else:
        notes.append("No single country has labels enough of one model to be corrected for itself.")
    return Section("corrected", title, words, tuple(grids), tuple(notes))


def _corrected_grid(numbers: Numbers, cells: Sequence[CorrectedCell], by: Sequence[str], caption: str) -> Grid:
    names = [key for key in by if key != "dimension"]
    held: dict[tuple[Label, ...], dict[Label, CorrectedCell]] = {}
    for cell in cells:
        held.setdefault(tuple(cell.keys[key] for key in names), {})[cell.keys["dimension"]] = cell
    rows = tuple(
        Row(
            " · ".join(name_of(key, label) for key, label in zip(names, labels, strict=True)),
            tuple(_corrected_field(numbers, by, of.get(name)) for name in DIMENSIONS),
        )
        for labels, of in held.items()
    )
    corner = " · ".join(name.capitalize() for name in names)
    return Grid(caption, corner, tuple(DIMENSION_TITLES[name] for name in DIMENSIONS), rows)


def _corrected_field(numbers: Numbers, by: Sequence[str], cell: CorrectedCell | None) -> Field:
    if cell is None:
        return NOTHING
    judge = f"judge: {with_ends(cell.score.judge)}"
    if numbers.is_kept_back(by, cell.keys):
        return Field(HELD_BACK.value, (*HELD_BACK.lines, judge), "few")
    labels = f"labels: {with_ends(cell.score.labels_only)}"
    found = cell.score.corrected
    if found.value is None or found.low is None or found.high is None:
        missing = counted(cell.score.missing_labels, "label")
        return Field("too few labels", (f"{missing} missing", judge, labels, *_bounds(cell.score)), "few")
    lines = (span(found.low, found.high), judge, labels, *_bounds(cell.score))
    return Field(percent(found.value), lines, "scaled", step_of(found.value))


def _bounds(score: CorrectedScore) -> tuple[str, ...]:
    """Return how low and high the numbers would be, had experts said no or yes to all that they left unsaid."""
    told = []
    if score.lowest is not None and score.highest is not None:
        told.append(span(score.lowest, score.highest))
    is_shown = score.labels_only.low is not None
    if is_shown and score.labels_lowest is not None and score.labels_highest is not None:
        told.append(f"labels {span(score.labels_lowest, score.labels_highest)}")
    return (f"{score.unsaid:,} unsaid: {', '.join(told)}",) if score.unsaid and told else ()


def _second_looks(numbers: Numbers) -> Section:
    columns = ("Labels shown the judge", "Differed from it", "Changed towards it", "Share of those that differed, %")
    rows = tuple(Row(DIMENSION_TITLES[one.dimension], _anchored(one)) for one in numbers.trust.anchoring if one.shown)
    anchored = Grid("Anchoring: answers changed once the judge was seen", "Dimension", columns, rows)
    rows = tuple(Row(DIMENSION_TITLES[one.dimension], _retested(one)) for one in numbers.trust.retests if one.same.n)
    caption = "Retest: the same answer to the same response, a week later"
    retested = Grid(caption, "Dimension", ("Same, %", "Kappa"), rows)
    grids = tuple(grid for grid in (anchored, retested) if grid.rows)
    words = "How steady experts' answers are, over all labels, whatever else was chosen."
    if numbers.other_judges and anchored.rows:
        words += " Several judges are shown at once, so a change towards one may follow another."
    words = words if grids else "Nobody has looked at what they labelled a second time."
    return Section("second-looks", "Second looks", (words,), grids)


def _anchored(one: Anchoring) -> tuple[Field, ...]:
    if one.people is None:
        return (HELD_BACK,) * 4
    towards = Field(f"{one.towards:,}", (f"{one.away:,} away from it",))
    share = percent_field(one.rate_of_differing, is_bad=True)
    return Field(f"{one.shown:,}"), Field(f"{one.opportunities:,}"), towards, share


def _retested(one: Retest) -> tuple[Field, ...]:
    return (HELD_BACK,) * 2 if one.people is None else (percent_field(one.same), coefficient_field(one.kappa))


def _hides(numbers: Numbers, by: Sequence[str], cell: AgreementCell, one: Compared) -> bool:
    return _is_few(one) or numbers.is_kept_back(by, cell.keys)


def _is_few(one: Compared) -> bool:
    return 0 < one.experts < LEAST_PEOPLE

"""Cells of agreement -> words: what stands in a field, what a hover tells, a sentence for people. Pure."""

from collections.abc import Mapping
from typing import Literal

from core.measures.agreement import AgreementCell, Compared
from core.measures.family_intervals import NO_DIFFERENCE, Statistic
from core.measures.score_frame import Label
from core.measures.scores import FEWEST_RESPONSES
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.rubric import Pool
from core.words import counted
from pages.components.failures.cell_words import keys_title, label_title, number

Shown = Literal["percent", "kappa", "alpha", "ac1"]
SHOWN_TITLES: dict[Shown, str] = {
    "percent": "Agreement, %",
    "kappa": "Cohen's kappa",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
}
VERDICT_TITLES: dict[str, str] = {
    "less": "The judge agrees less often than experts do",
    "more": "The judge agrees more often than experts do",
    "no sign": "No sign that the judge agrees less often than experts do",
}
POOL_TITLES: dict[Pool, str] = {
    "from": "From the country",
    "knows": "Know the country",
    "outside": "From elsewhere",
}
EACH_DIMENSION = "All dimensions together: here n counts an answer once for each dimension it was scored on."
ANSWERS = {1: "yes", 0: "no"}
# A field has room for three figures; hover and table have all of them.
_MANY = 1000
# Beside the number itself, so that colour never stands alone.
_MARKS = {"less": "▼ ", "more": "▲ "}


def statistic_of(compared: Compared, shown: Shown) -> Statistic:
    """Return one statistic of a comparison."""
    found: Statistic = getattr(compared, shown)
    return found


def is_small(compared: Compared) -> bool:
    """Return whether a comparison rests on too little to show a number."""
    return compared.n < FEWEST_RESPONSES or compared.families < FEWEST_FOR_INTERVAL


def is_told(compared: Compared, shown: Shown) -> bool:
    """Return whether a number and its interval are shown."""
    found = statistic_of(compared, shown)
    return not is_small(compared) and found.value is not None and found.low is not None and found.high is not None


def short_words(compared: Compared, shown: Shown, verdict: str = "untested") -> str:
    """Return a comparison as a field of a chart shows it: "▼ 71 ±5 n 124" or "n 3.1k", or why there is no number."""
    found = statistic_of(compared, shown)
    if not compared.n:
        return "none"
    if is_small(compared):
        return f"n {compared.n:,}, too few"
    if found.value is None:
        return f"undefined n {compared.n:,}"
    if found.low is None or found.high is None:
        return f"unsure n {compared.n:,}"
    side = max(found.high - found.value, found.value - found.low)
    value = f"{found.value * 100:.0f}" if shown == "percent" else _decimal(found.value)
    spread = f"{side * 100:.0f}" if shown == "percent" else f"{side:.2f}".removeprefix("0")
    n = f"{compared.n}" if compared.n < _MANY else f"{compared.n / _MANY:.1f}k"
    return f"{_MARKS.get(verdict, '')}<b>{value}</b> ±{spread} <span style='font-size:10.5px'>n {n}</span>"


def statistic_words(compared: Compared, shown: Shown) -> str:
    """Return a statistic with its interval, or why there is none: "71.0 % (64.1 to 77.8)", "undefined: ..."."""
    found = statistic_of(compared, shown)
    if not compared.n:
        return "nothing to compare"
    if is_small(compared):
        return f"too few to say: n {compared.n:,} in {counted(compared.families, 'family', 'families')}"
    if found.value is None:
        return f"undefined: {found.note}"
    value = f"{number(found.value)} %" if shown == "percent" else _decimal(found.value)
    if found.low is None or found.high is None:
        return f"{value}, no interval: {found.note}"
    ends = [number(end) if shown == "percent" else _decimal(end) for end in (found.low, found.high)]
    return f"{value} ({ends[0]} to {ends[1]})"


def base_words(compared: Compared) -> str:
    """Return what a comparison rests on."""
    labels = f"{counted(compared.labels, 'label')} by {counted(compared.experts, 'expert')}"
    return f"{counted(compared.n, 'answer')} in {counted(compared.families, 'family', 'families')}, {labels}"


def hover_lines(cell: AgreementCell, shown: Shown, *, of_judge: bool) -> list[str]:
    """Return what a field tells when pointed at; a judge's name is text from data."""
    compared = cell.with_judge if of_judge else cell.among_experts
    lines = [keys_title(cell.keys), f"{SHOWN_TITLES[shown]}: {statistic_words(compared, shown)}", base_words(compared)]
    if not of_judge:
        return [*lines, "Two experts, blind labels"]
    return [*lines, *left_out_lines(cell), verdict_title(cell), f"Judge {cell.judge} with an expert, blind labels"]


def left_out_lines(cell: AgreementCell) -> list[str]:
    """Return how much was asked for and not said, and how far the judge's percentage could move with it."""
    told = [f"{counted(cell.unsaid, 'label')} “can't say”"] if cell.unsaid else []
    told += [f"{counted(cell.given_back, 'answer')} given back as not for them"] if cell.given_back else []
    if not told or cell.worst is None or cell.best is None:
        return [f"{' and '.join(told)} left out"] if told else []
    span = f"between {number(cell.worst)} and {number(cell.best)} %"
    return [f"{' and '.join(told)} left out: counted too, agreement would be {span}"]


def where_words(keys: Mapping[str, Label]) -> str:
    """Return where a cell is, as a sentence begins: "In Morocco, on compliance"."""
    told = []
    for key, label in keys.items():
        title = label_title(key, label)
        if key == "dimension":
            told.append(f"on {title.lower()}")
        elif key == "country":
            told.append(f"in {title}" if label is not None else "where the country is not known")
        else:
            told.append(f"for {title}")
    words = ", ".join(told) if "country" in keys else ", ".join(["over all countries", *told])
    return words[:1].upper() + words[1:]


def agreement_sentence(compared: Compared, who: str) -> str:
    """Return how often two sides agree, as a sentence without where; `who` is "the judge agrees with an expert"."""
    found = compared.percent
    if not compared.n:
        return f"there is no answer yet that tells how often {who}"
    base = f"n {compared.n:,} in {counted(compared.families, 'family', 'families')}"
    if is_small(compared) or found.value is None or found.low is None or found.high is None:
        return f"there are too few answers to say how often {who} ({base})"
    return f"{who} in {found.value * 100:.0f} % of answers ({found.low * 100:.0f} to {found.high * 100:.0f}; {base})"


def verdict_title(cell: AgreementCell) -> str:
    """Return what the test says, in a line."""
    if cell.verdict != "untested":
        return VERDICT_TITLES[cell.verdict]
    if not cell.test.n:
        return "Not tested: no answer has a score of the judge and labels of two experts"
    if cell.test.note == NO_DIFFERENCE:
        return "Not tested: in every family the judge agrees as often as an expert does"
    return f"Too few families to test: {cell.test.families} of {FEWEST_FOR_INTERVAL}"


def verdict_sentence(cell: AgreementCell, tests: int) -> str:
    """Return the verdict with its numbers; `tests` is how many cells of the table were tested."""
    test = cell.test
    if test.first is None or test.second is None or test.value is None or test.low is None or test.high is None:
        return f"{verdict_title(cell)}."
    shares = f"{number(test.first)} % against {number(test.second)} %"
    span = f"{number(test.value, '+')} points ({number(test.low, '+')} to {number(test.high, '+')})"
    base = f"On the same {counted(test.n, 'answer')} in {counted(test.families, 'family', 'families')}"
    return f"{verdict_title(cell)}. {base}: {shares}, {span}. {_chance(cell, tests)}"


def pool_title(first: Pool, second: Pool) -> str:
    """Return which pools are compared: "From the country, among themselves"."""
    if first == second:
        return f"{POOL_TITLES[first]}, among themselves"
    return f"{POOL_TITLES[first]} · {POOL_TITLES[second].lower()}"


def _chance(cell: AgreementCell, tests: int) -> str:
    q = cell.q if cell.q is not None else 1.0
    told = "below 0.001" if q < 0.001 else f"{q:.3f}"
    chance = "This may be chance" if cell.verdict == "no sign" else "Chance alone would hardly show this"
    return f"{chance} (q {told}, {counted(tests, 'test')})."


def _decimal(value: float) -> str:
    # Adding 0 turns a rounded -0.0 into 0.0.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")

"""What `cross-review scores --corrected` says: a judge, experts alone, and both together."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from core.cli.mixed import tell_mixed
from core.cli.outcome import Outcome
from core.db import reading
from core.errors import UserError
from core.judges import judges_here
from core.measures.corrected_cells import CorrectedCell, corrected_cells
from core.measures.corrected_scores import CorrectedScore
from core.measures.family_intervals import Statistic
from core.measures.score_filter import ScoreFilter
from core.measures.scores import what_counts
from core.people import person_here

KEYS = ("country", "dimension", "model")


def tell_corrected(result: Outcome, wanted: ScoreFilter, judge: str | None, keys: Sequence[str]) -> None:
    """Say the three estimates of each model and dimension, by country where that is asked for.

    Raises:
        UserError: experts or other keys are asked for, or an expert asks.
        NotFoundError: there is no such judge.
    """
    if wanted.experts:
        raise UserError("Corrected scores are a judge's and the experts' together. Leave out --experts.")
    wrong = next((key for key in keys if key not in KEYS), None)
    if wrong is not None:
        raise UserError(f"Corrected scores cannot be broken down by {wrong[:40]!r}. Choose of: {', '.join(KEYS)}.")
    person = person_here()
    result.fields["cells"], result.fields["made_of"] = [], []
    with reading() as session:
        for name in [judge] if judge else [one.name for one in judges_here(session)]:
            asked = replace(wanted, judge=name)
            found = corrected_cells(session, person=person, wanted=asked, by_country="country" in keys)
            _tell(result, found)
            tell_mixed(result, {"judge": name}, what_counts(session, person=person, wanted=asked))
    if not result.fields["cells"]:
        result.say("Nothing is scored yet that fits.")


def _tell(result: Outcome, found: Sequence[CorrectedCell]) -> None:
    result.fields["cells"] += [
        {**cell.keys, "judge": cell.judge, "responses": cell.responses, **asdict(cell.score)} for cell in found
    ]
    for cell in found:
        keys = ", ".join("unknown" if label is None else str(label) for label in cell.keys.values())
        score = cell.score
        missing = f"{score.missing_labels:,} more labels needed" if score.missing_labels else ""
        result.say(
            f"{keys}: judge {cell.judge} {_words(score.judge)}; "
            f"experts alone {_words(score.labels_only)}{_unsaid(score, score.labels_lowest, score.labels_highest)}; "
            f"both together {missing or _words(score.corrected)}{_unsaid(score, score.lowest, score.highest)}"
        )


def _unsaid(score: CorrectedScore, lowest: float | None, highest: float | None) -> str:
    """Return how low and high a number would be, had experts said no or yes to all that they left unsaid."""
    if not score.unsaid or lowest is None or highest is None:
        return ""
    return f", {lowest:.1%} to {highest:.1%} with {score.unsaid:,} unsaid"


def _words(found: Statistic) -> str:
    """Return a number with its interval; without an interval how many responses there are, and why."""
    base = f"n {found.n:,}, {found.families:,} families"
    if found.value is None or found.low is None or found.high is None:
        return f"no number ({base}{f', {found.note}' if found.note else ''})"
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%}; {base})"

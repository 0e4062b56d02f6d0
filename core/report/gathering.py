"""The numbers of a workspace that go into a report, in one look, as their own steps count them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from core.judges import judges_here
from core.measures.agreement import GRID, AgreementCell, agreement_cells
from core.measures.corrected_cells import CorrectedCell, corrected_cells
from core.measures.leaderboard import BoardCell, leaderboard
from core.measures.patterns import Pattern, pattern_cells
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from core.measures.scores import Cell, Counted, cells, what_counts
from core.measures.second_looks import Anchoring, Retest, anchoring, retests
from core.models import Person
from core.people import needs_lead
from core.report.people_behind import Keys, keys_kept_back
from core.rubric import RESPONSE_SETTINGS

OnProgress = Callable[[int, int, str], None]
_STEPS = 5
# How each table of a report is broken down. Those kept back are looked up by the same keys.
BOARD_KEYS = ("model", "dimension", "setting")
HEAT_KEYS = ("model", "country", "dimension")
PATTERN_KEYS = ("model",)
AGREEMENT_KEYS = ("dimension",)
CORRECTED_KEYS = ("model", "dimension")
CORRECTED_BY_COUNTRY = ("country", "model", "dimension")


@dataclass(frozen=True)
class ScoreNumbers:
    """How models score, by one rater."""

    counted: Counted
    board: Sequence[BoardCell]
    heat: Sequence[Cell]
    patterns: Mapping[Pattern, Sequence[Cell]]


@dataclass(frozen=True)
class TrustNumbers:
    """How far the rater is to be believed; second looks are over all labels, whatever was chosen."""

    agreement: Sequence[AgreementCell]
    agreement_by_country: Sequence[AgreementCell]
    corrected: Sequence[CorrectedCell]
    corrected_by_country: Sequence[CorrectedCell]
    anchoring: Sequence[Anchoring]
    retests: Sequence[Retest]


@dataclass(frozen=True)
class Numbers:
    """All of it. `kept_back` holds, by the keys of a table, the cells that would tell of one or two people."""

    wanted: ScoreFilter
    other_judges: tuple[str, ...]
    scores: ScoreNumbers
    trust: TrustNumbers
    kept_back: Mapping[tuple[str, ...], frozenset[Keys]]

    def is_kept_back(self, by: Sequence[str], keys: Mapping[str, Label]) -> bool:
        """Return whether a cell of a table would tell of one or two people."""
        return tuple(keys[key] for key in by) in self.kept_back.get(tuple(by), ())


def numbers_here(
    session: Session, *, person: Person, wanted: ScoreFilter, on_progress: OnProgress = lambda done, total, note: None
) -> Numbers:
    """Return the numbers of what is wanted.

    Args:
        session: to look with.
        person: who makes the report.
        wanted: whose scores of which responses; with no rater named, the first judge that has scored anything, else
            the experts.
        on_progress: told how many steps are done, of how many, and which comes next.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    needs_lead(person, "make reports")
    on_progress(0, _STEPS, "Scores")
    judges = [judge.name for judge in judges_here(session) if _has_scored(session, person, judge.name)]
    if not wanted.judge and not wanted.experts:
        wanted = replace(wanted, judge=judges[0]) if judges else replace(wanted, experts=True)
    scores = _scores(session, person, wanted)
    trust = _trust(session, person, wanted, on_progress, is_scored=scores.counted.responses > 0)
    on_progress(_STEPS - 1, _STEPS, "People behind the numbers")
    tables: tuple[tuple[str, ...], ...] = (AGREEMENT_KEYS, GRID, CORRECTED_KEYS, CORRECTED_BY_COUNTRY)
    if wanted.experts:
        tables = (*tables, BOARD_KEYS, HEAT_KEYS, PATTERN_KEYS)
    kept_back = {by: keys_kept_back(session, person=person, wanted=wanted, by=by) for by in tables}
    on_progress(_STEPS, _STEPS, "Writing")
    return Numbers(wanted, tuple(name for name in judges if name != wanted.judge), scores, trust, kept_back)


def _scores(session: Session, person: Person, wanted: ScoreFilter) -> ScoreNumbers:
    return ScoreNumbers(
        what_counts(session, person=person, wanted=wanted),
        leaderboard(session, person=person, wanted=wanted),
        cells(session, person=person, wanted=wanted, by=HEAT_KEYS),
        pattern_cells(session, person=person, wanted=wanted, by=PATTERN_KEYS),
    )


def _trust(
    session: Session, person: Person, wanted: ScoreFilter, on_progress: OnProgress, *, is_scored: bool
) -> TrustNumbers:
    on_progress(1, _STEPS, "Agreement")
    agreement = agreement_cells(session, person=person, wanted=wanted, by=AGREEMENT_KEYS)
    by_country = agreement_cells(session, person=person, wanted=wanted, by=GRID)
    on_progress(2, _STEPS, "Corrected scores")
    # A judge that has scored none of these has nothing to be corrected or looked at again.
    with_judge = bool(wanted.judge) and is_scored
    corrected = corrected_cells(session, person=person, wanted=wanted) if with_judge else []
    of_countries = corrected_cells(session, person=person, wanted=wanted, by_country=True) if with_judge else []
    on_progress(3, _STEPS, "Second looks")
    anchored = anchoring(session, person=person, judge=wanted.judge) if with_judge else []
    return TrustNumbers(agreement, by_country, corrected, of_countries, anchored, retests(session, person=person))


def _has_scored(session: Session, person: Person, judge: str) -> bool:
    everything = ScoreFilter(judge=judge, settings=RESPONSE_SETTINGS)
    return what_counts(session, person=person, wanted=everything).responses > 0

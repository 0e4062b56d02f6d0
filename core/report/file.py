"""A workspace -> the file of its report, as bytes ready to be saved or sent."""

from sqlmodel import Session

from core.config import settings
from core.judges import judge_named
from core.measures.frame_cache import frame_of
from core.measures.mixed import mixed_words
from core.measures.score_filter import CHOSEN_BY, ScoreFilter
from core.models import Judge, Person, utc_now
from core.report.contents import Fact, Report
from core.report.gathering import Numbers, OnProgress, numbers_here
from core.report.methods import METHODS
from core.report.notices import notices
from core.report.rendering import rendered
from core.report.score_sections import score_sections
from core.report.trust_sections import trust_sections
from core.report.versions import versions
from core.rubric import SETTING_TITLES, SPLIT_TITLES
from core.words import counted


def report_bytes(
    session: Session, *, person: Person, wanted: ScoreFilter, on_progress: OnProgress = lambda done, total, note: None
) -> bytes:
    """Return the report as one HTML file that needs nothing else.

    Args:
        session: to look with; all numbers are of one moment.
        person: who makes the report.
        wanted: whose scores of which responses; with no rater named, the first judge that has scored anything, else
            the experts.
        on_progress: told how many steps are done, of how many, and which comes next.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    numbers = numbers_here(session, person=person, wanted=wanted, on_progress=on_progress)
    return rendered(_report(session, person, numbers)).encode()


def _report(session: Session, person: Person, numbers: Numbers) -> Report:
    judge = judge_named(session, numbers.wanted.judge) if numbers.wanted.judge else None
    return Report(
        workspace=settings().workspace.name,
        made_at=utc_now(),
        facts=(*_rater(numbers, judge), *_base(numbers)),
        notices=notices(session, person=person, wanted=numbers.wanted, found=numbers.scores.counted),
        missing=_missing(session, numbers),
        sections=(*score_sections(numbers), *trust_sections(numbers)),
        methods=METHODS,
        versions=versions(session),
    )


def _rater(numbers: Numbers, judge: Judge | None) -> list[Fact]:
    others = ", ".join(numbers.other_judges)
    told = [Fact("Other judges here", f"{others}. None of their scores are in this report.")] if others else []
    if judge is None:
        return [Fact("Scores by", "experts from the country, blind labels"), *told]
    parameters = ", ".join(f"{name.replace('_', ' ')} {entry}" for name, entry in sorted(judge.parameters.items()))
    return [
        Fact("Scores by", f"judge {judge.name}"),
        Fact("The judge's model", judge.model + (f" ({parameters})" if parameters else "")),
        Fact("Its prompt", f"{judge.prompt or 'imported'}, version {judge.prompt_version}"),
        *told,
    ]


def _base(numbers: Numbers) -> list[Fact]:
    found, wanted = numbers.scores.counted, numbers.wanted
    base = f"{counted(found.responses, 'response')} of {counted(len(found.models), 'model')} to "
    base += counted(found.items, "item")
    facts = [Fact("Counted", base), Fact("Mixed in these numbers", "; ".join(mixed_words(found)) or "nothing")]
    return [*facts, Fact("Chosen", _chosen(wanted))]


def _chosen(wanted: ScoreFilter) -> str:
    """Return what the filter keeps out, in words."""
    told = []
    for name, key in CHOSEN_BY.items():
        entries = [str(entry) for entry in getattr(wanted, name)]
        titles = {"split": SPLIT_TITLES, "setting": SETTING_TITLES}.get(key, {})
        if entries:
            told.append(f"{key} {', '.join(str(titles.get(entry, entry)) for entry in entries)}")
    if wanted.errata == "without":
        told.append("items with a correction proposed or accepted left out")
    return "; ".join(told) or "all responses to a question with its picture"


def _missing(session: Session, numbers: Numbers) -> tuple[str, ...]:
    """Return what there is none of, and how it comes here; the first thing only where all else hangs on it."""
    frame = frame_of(session)
    if not frame.item_ids:
        return ("There are no items: import a benchmark with cross-review import, then collect and judge responses.",)
    if not len(frame.response_ids):
        return ("There are no responses: collect or import some, then let a judge score them.",)
    missing = []
    if not numbers.scores.counted.responses and not numbers.other_judges:
        missing.append("Nothing is scored that fits: let a judge score the responses, or choose others.")
    elif not numbers.scores.counted.responses:
        missing.append("This rater has scored nothing that fits: choose another one, or other responses.")
    if not any(cell.with_judge.labels or cell.among_experts.labels for cell in numbers.trust.agreement):
        missing.append("No blind labels by people from the country fit: there is no agreement and no corrected score.")
    return tuple(missing)

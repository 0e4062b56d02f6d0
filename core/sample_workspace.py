"""The sample workspace: our own items in CROSS's schema, loaded into an empty workspace, emptied by one call."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, SQLModel, col, delete, func, select

from core.benchmark.importer import import_benchmark
from core.benchmark.results import JudgeIdentity
from core.benchmark.settling import mark_duplicates, settle_families
from core.config import SAMPLE, settings
from core.db import reading, transaction
from core.errors import UserError
from core.jobs import jobs_alive
from core.models import (
    Assignment,
    Erratum,
    ErratumVote,
    Image,
    ImportedFile,
    Item,
    ItemWarning,
    Judge,
    JudgeCall,
    Judgement,
    Label,
    LabelsSeen,
    Lease,
    LockedResponse,
    MarkedPhrase,
    Note,
    OpinionAsked,
    Pair,
    Person,
    PlanCandidate,
    PlannedResponse,
    Response,
    ResponseFlag,
    RetestLabel,
    ReviewSession,
    Ruling,
    ScoresSeen,
    SkippedResponse,
    TrainingMetric,
    TrainingRun,
    TrainingSet,
    TrainingSetPair,
    WorkspaceSetting,
    utc_now,
)
from core.people import record_event

SAMPLE_JUDGE = JudgeIdentity("sample-judge", "sample-judge", "sample-1")
_EMPTIED = "sample_emptied"
# What hangs on a response and goes with it; what refers to others comes first.
OF_RESPONSES = (
    Assignment,
    Lease,
    SkippedResponse,
    PlannedResponse,
    PlanCandidate,
    Label,
    RetestLabel,
    MarkedPhrase,
    Ruling,
    OpinionAsked,
    LockedResponse,
    Note,
    ScoresSeen,
    LabelsSeen,
    Judgement,
    JudgeCall,
    ResponseFlag,
)


@dataclass(frozen=True)
class SampleContents:
    """How much of a workspace is sample, and was made from it."""

    items: int
    responses: int
    labels: int
    pairs: int
    training_sets: int
    runs: int


def sample_is_loaded(session: Session) -> bool:
    """Return whether sample items are in the workspace; every page says so then."""
    return session.exec(select(Item.id).where(Item.subset == "sample").limit(1)).first() is not None


def load_sample_if_empty() -> bool:
    """Load the sample workspace into a workspace without items, unless somebody emptied it; return whether it was."""
    with reading() as session:
        if session.exec(select(Item.id).limit(1)).first() or session.get(WorkspaceSetting, _EMPTIED):
            return False
    load_sample()
    return True


def load_sample(on_progress: Callable[[int, int, str], None] = lambda done, total, note: None) -> None:
    """Import the sample workspace; loading it again changes nothing."""
    report = import_benchmark(SAMPLE, judge=SAMPLE_JUDGE, on_progress=on_progress)
    if report.problems:
        raise UserError(report.problems[0])


def sample_contents(session: Session) -> SampleContents:
    """Return what `empty_sample` would remove."""
    items = select(Item.id).where(Item.subset == "sample")
    responses = select(Response.id).where(col(Response.item_id).in_(items))
    sets = _sample_sets(session)

    def count(table: type[SQLModel], column: object, chosen: object) -> int:
        return session.exec(select(func.count()).select_from(table).where(col(column).in_(chosen))).one()  # type: ignore[arg-type]

    return SampleContents(
        items=count(Item, Item.id, items),
        responses=count(Response, Response.id, responses),
        labels=count(Label, Label.response_id, responses),
        pairs=count(Pair, Pair.item_id, items),
        training_sets=len(sets),
        runs=count(TrainingRun, TrainingRun.training_set_id, [row.id for row in sets]),
    )


def empty_sample(*, person: Person) -> SampleContents:
    """Remove the sample items and all that was made from them; everything else stays.

    Raises:
        UserError: a job is under way; it might be reading what is to be removed.
    """
    with transaction() as session:
        if jobs_alive(session):
            raise UserError("A job is running. Wait until it has ended, or stop it, and then empty the sample.")
        contents = sample_contents(session)
        folders = _remove_runs_and_sets(session)
        _remove_items(session)
        settle_families(session)
        mark_duplicates(session)
        if session.get(WorkspaceSetting, _EMPTIED) is None:
            session.add(WorkspaceSetting(key=_EMPTIED, text="yes"))
        record_event(session, person=person, kind="sample_emptied", subject="workspace", items=contents.items)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return contents


def _sample_sets(session: Session) -> list[TrainingSet]:
    """Return the training sets that hold at least one pair of a sample item."""
    return list(
        session.exec(
            select(TrainingSet)
            .join(TrainingSetPair, col(TrainingSetPair.training_set_id) == TrainingSet.id)
            .join(Pair, col(Pair.id) == TrainingSetPair.pair_id)
            .join(Item, col(Item.id) == Pair.item_id)
            .where(Item.subset == "sample")
            .distinct()
            .order_by(col(TrainingSet.id))
        )
    )


def _remove_runs_and_sets(session: Session) -> list[Path]:
    sets = _sample_sets(session)
    ids = [row.id for row in sets]
    runs = session.exec(select(TrainingRun).where(col(TrainingRun.training_set_id).in_(ids))).all()
    folders = [settings().training_sets / row.folder for row in sets] + [settings().runs / run.id for run in runs]
    session.exec(delete(TrainingMetric).where(col(TrainingMetric.run_id).in_([run.id for run in runs])))
    session.exec(delete(TrainingRun).where(col(TrainingRun.training_set_id).in_(ids)))
    session.exec(delete(TrainingSetPair).where(col(TrainingSetPair.training_set_id).in_(ids)))
    session.exec(delete(TrainingSet).where(col(TrainingSet.id).in_(ids)))
    return folders


def _remove_items(session: Session) -> None:
    items = select(Item.id).where(Item.subset == "sample")
    responses = select(Response.id).where(col(Response.item_id).in_(items))
    session.exec(delete(Pair).where(col(Pair.item_id).in_(items)))
    shortened = set(session.exec(select(Assignment.session_id).where(col(Assignment.response_id).in_(responses))))
    for table in OF_RESPONSES:
        session.exec(delete(table).where(col(table.response_id).in_(responses)))
    session.exec(delete(Judge).where(col(Judge.name) == SAMPLE_JUDGE.name, col(Judge.origin) == "imported"))
    left = select(Assignment.session_id)
    session.exec(delete(ReviewSession).where(col(ReviewSession.id).not_in(left)))
    # A session that lost some of its responses has holes now; what is left of it can be drawn again.
    reviews = session.exec(select(ReviewSession).where(col(ReviewSession.closed_at).is_(None))).all()
    for review in reviews:
        if review.id in shortened:
            review.closed_at = utc_now()
    session.exec(delete(Response).where(col(Response.item_id).in_(items)))
    session.exec(delete(ItemWarning).where(col(ItemWarning.item_id).in_(items)))
    errata = select(Erratum.id).where(col(Erratum.item_id).in_(items))
    session.exec(delete(ErratumVote).where(col(ErratumVote.erratum_id).in_(errata)))
    session.exec(delete(Erratum).where(col(Erratum.item_id).in_(items)))
    pictures = set(session.exec(select(Item.image_sha256).where(Item.subset == "sample")))
    session.exec(delete(Item).where(col(Item.subset) == "sample"))
    still_used = set(session.exec(select(Item.image_sha256)))
    session.exec(delete(Image).where(col(Image.sha256).in_(pictures - still_used - {None})))
    session.exec(delete(ImportedFile).where(col(ImportedFile.path).like("%/sample/%")))

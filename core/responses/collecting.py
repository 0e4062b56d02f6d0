"""A model and a choice of items -> a run that collects its responses: created, gone on with, listed."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.benchmark.sent_pictures import check_side
from core.budgets import bound_anew
from core.call_runs import (
    RunBounds,
    check_bounds,
    check_choice,
    check_model,
    check_price,
    new_run_id,
    resumable,
    run_with_id,
    runs_alive,
    unfinished_run,
)
from core.chat.address import checked_base_url
from core.chat.keys import checked_key_name, needed_key
from core.errors import UserError
from core.jobs import ALIVE, create_job, look_at_job
from core.models import Item, Job, Person, Response, ResponseRun
from core.passed import passed
from core.people import needs_lead, record_event
from core.rubric import RESPONSE_SETTINGS, WORDINGS, ResponseSetting
from core.stored_settings import StoredChoice, sampling_from

MAX_SIDE = 1024
MAX_TOKENS = 1024
LONGEST_PROMPT = 8000
REASONING_EFFORTS = ("minimal", "low", "medium", "high")


@dataclass(frozen=True)
class CollectSettings:
    """A model, its endpoint, and how it is asked; `stored_as` is its name in the responses."""

    base_url: str
    model: str
    stored_as: str = ""
    api_key_env: str | None = None
    system_prompt: str = ""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int = MAX_TOKENS
    seed: int | None = None
    reasoning_effort: str | None = None
    max_side: int = MAX_SIDE

    @property
    def name(self) -> str:
        """The name responses are stored under."""
        return " ".join((self.stored_as or self.model).split())

    @property
    def parameters(self) -> dict[str, Any]:
        """What makes two collections of one model different, as JSON; what is not set is left out."""
        named = ("system_prompt", "temperature", "top_p", "max_tokens", "seed", "reasoning_effort", "max_side")
        return {name: held for name in named if (held := getattr(self, name)) not in (None, "")}


@dataclass(frozen=True)
class ItemChoice(StoredChoice):
    """Which items are asked about; an empty field chooses all. `wordings` is for the setting text-only."""

    setting: ResponseSetting = "english"
    wordings: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class CollectBounds(RunBounds):
    """How a run that collects goes about it."""


@dataclass(frozen=True)
class CollectExtent:
    """How much a run would be: items chosen, those without a picture to send, answers wanted and missing."""

    items: int
    without_picture: int
    wanted: int
    missing: int


@dataclass(frozen=True)
class ResponseRunOverview:
    """A run with its job as it truly is now."""

    run: ResponseRun
    job: Job


def chosen_items(chosen: ItemChoice) -> SelectOfScalar[str]:
    """Return the query of the ids of the items chosen, by picture and id; those without one are not asked about.

    Without the picture a query is another question: then the setting is text-only, and said so.
    """
    query = _matching(chosen)
    if chosen.setting != "text-only":
        query = query.where(Item.image_status == "ok")
    query = query.order_by(col(Item.image_sha256), col(Item.id))
    return query.limit(chosen.limit) if chosen.limit else query


def unordered(chosen: ItemChoice) -> SelectOfScalar[str]:
    """Return the same query for counting: the order costs time, and decides which they are only under a limit."""
    return chosen_items(chosen) if chosen.limit else chosen_items(chosen).order_by(None)


def _matching(chosen: ItemChoice) -> SelectOfScalar[str]:
    wordings = {"english": chosen.wordings or ("1", "2", "3"), "translation": ("translation",)}
    query = select(Item.id).where(passed())
    for column, wanted in (
        (Item.wording, wordings.get(chosen.setting, chosen.wordings)),
        (Item.country, chosen.countries),
        (Item.subset, chosen.subsets),
        (Item.split, chosen.splits),
    ):
        if wanted:
            query = query.where(col(column).in_(wanted))
    return query


def collect_extent(session: Session, *, chosen: ItemChoice, stored_as: str, rounds: int) -> CollectExtent:
    """Return how much a run would be; failed calls count as missing."""
    ids = unordered(chosen).subquery()
    items = session.exec(select(func.count()).select_from(ids)).one()
    without = 0
    if chosen.setting != "text-only":
        query = _matching(chosen).where(Item.image_status != "ok").subquery()
        without = session.exec(select(func.count()).select_from(query)).one()
    there = session.exec(
        select(func.count())
        .select_from(Response)
        .where(*settled_responses(chosen, stored_as, rounds), col(Response.item_id).in_(unordered(chosen)))
    ).one()
    return CollectExtent(items, without, items * rounds, items * rounds - there)


def settled_responses(chosen: ItemChoice, stored_as: str, rounds: int) -> list[ColumnElement[bool]]:
    """Return the conditions that a response is one of those rounds, and no failed call."""
    return [
        col(Response.model) == stored_as,
        col(Response.setting) == chosen.setting,
        col(Response.round) <= rounds,
        col(Response.status) != "failed",
    ]


def start_response_run(
    session: Session,
    *,
    settings: CollectSettings,
    chosen: ItemChoice,
    bounds: CollectBounds,
    author: Person,
    has_moved: bool = False,
) -> ResponseRun:
    """Add a run with its queued job, or return the unfinished one that wants the same; then give the job a process.

    Raises:
        UserError: something in it cannot be meant, the key is not set, or the name belongs to another model, or to this
            one at another address and nobody says that it has moved.
    """
    needs_lead(author, "collect responses")
    check_bounds(bounds)
    _check(settings, chosen)
    check_price(session, model=settings.model.strip(), bounds=bounds)
    _check_name(session, settings)
    moved_from = address_before(session, settings)
    if moved_from and not has_moved:
        raise UserError(
            f"Responses of {settings.name} were collected at {moved_from}, and the same model elsewhere can be another "
            "one. Give these another name to be stored under, or say that the model has moved (--moved)."
        )
    if any(run.stored_as == settings.name for run in runs_alive(session, ResponseRun)):
        raise UserError(f"Responses of {settings.name} are being collected. Wait for that run, or pause it first.")
    same = ResponseRun.stored_as == settings.name
    unfinished = unfinished_run(session, ResponseRun, same, chosen=chosen, bounds=bounds)
    if unfinished is None:
        return _new_run(session, settings, chosen, bounds, author, moved_from)
    bound_anew(unfinished, bounds)
    unfinished.base_url = checked_base_url(settings.base_url)
    unfinished.api_key_env = checked_key_name(settings.api_key_env)
    return unfinished


def resume_response_run(session: Session, *, run_id: str, author: Person) -> ResponseRun:
    """Return a run whose job may be started again.

    Raises:
        UserError: it is finished, given up or under way, or another run collects under the same name.
    """
    needs_lead(author, "collect responses")
    run = run_with_id(session, ResponseRun, run_id)
    job = resumable(session, run)
    if any(other.stored_as == run.stored_as for other in runs_alive(session, ResponseRun)):
        raise UserError(f"Responses of {run.stored_as} are being collected by another run. Wait for it, or pause it.")
    record_event(session, person=author, kind="resume", subject=f"response_run/{run_id}", state=job.state)
    return run


def response_runs(session: Session, *, limit: int | None = None) -> list[ResponseRunOverview]:
    """Return runs with their true states, newest first; all unless limited. Needs `reading()`."""
    query = select(ResponseRun, Job).join(Job, col(Job.id) == ResponseRun.job_id)
    rows = session.exec(query.order_by(col(ResponseRun.created_at).desc(), col(ResponseRun.id)).limit(limit)).all()
    return [ResponseRunOverview(run, look_at_job(job.id) if job.state in ALIVE else job) for run, job in rows]


def _new_run(
    session: Session,
    settings: CollectSettings,
    chosen: ItemChoice,
    bounds: CollectBounds,
    author: Person,
    moved_from: str | None,
) -> ResponseRun:
    if session.exec(unordered(chosen).limit(1)).first() is None:
        raise UserError("No item is chosen that can be asked about. Choose others, or import the pictures first.")
    run_id = new_run_id("respond")
    job = create_job(session, kind="respond", title=f"Collect {settings.name}", arguments={"run_id": run_id})
    run = ResponseRun(
        id=run_id,
        job_id=job.id,
        selection=chosen.as_stored(),
        **asdict(bounds),
        stored_as=settings.name,
        model=settings.model.strip(),
        base_url=checked_base_url(settings.base_url),
        api_key_env=checked_key_name(settings.api_key_env),
        parameters=settings.parameters,
        created_by=author.id,
    )
    session.add(run)
    moved = {"moved_from": moved_from} if moved_from else {}
    record_event(session, person=author, kind="respond", subject=f"response_run/{run_id}", model=settings.name, **moved)
    session.flush()
    return run


def _check(settings: CollectSettings, chosen: ItemChoice) -> None:
    checked_base_url(settings.base_url)
    needed_key(checked_key_name(settings.api_key_env))
    check_model(settings.model, sampling_from(settings.parameters, max_tokens=settings.max_tokens))
    check_choice(chosen)
    if not 1 <= len(settings.name) <= 120 or not settings.name.isprintable():
        raise UserError("The name that responses are stored under has 1 to 120 characters.")
    check_side(settings.max_side)
    if len(settings.system_prompt) > LONGEST_PROMPT:
        raise UserError(f"A system prompt has at most {LONGEST_PROMPT:,} characters.")
    if chosen.setting not in RESPONSE_SETTINGS or not set(chosen.wordings) <= set(WORDINGS):
        raise UserError("A setting is english, translation or text-only; a wording is 1, 2, 3 or translation.")


def address_before(session: Session, settings: CollectSettings) -> str | None:
    """Return where responses of that name were collected last, if that was at another address."""
    query = select(ResponseRun.base_url).where(ResponseRun.stored_as == settings.name)
    newest = session.exec(query.order_by(col(ResponseRun.created_at).desc()).limit(1)).first()
    return newest if newest not in (None, checked_base_url(settings.base_url)) else None


def _check_name(session: Session, settings: CollectSettings) -> None:
    """Refuse a name whose responses came about in another way: they would be mixed with these."""
    earlier = session.exec(select(ResponseRun).where(ResponseRun.stored_as == settings.name)).all()
    taken = any((run.model, run.parameters) != (settings.model.strip(), settings.parameters) for run in earlier)
    foreign = select(Response.id).where(Response.model == settings.name, col(Response.run_id).is_(None)).limit(1)
    if taken or session.exec(foreign).first() is not None:
        raise UserError(
            f"There are responses stored as {settings.name} that came about in another way (imported, or with other "
            "settings). Give these another name to be stored under."
        )

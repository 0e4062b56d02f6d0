"""All tables, in flow order: people, items, endpoints, responses, judgements, labels, pairs, training sets and runs.

Rows are added, hardly ever changed: what a person decides twice stands there twice. Choices are plain text columns
whose values are spelled in `core/rubric.py`.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, TypeDecorator, UniqueConstraint
from sqlmodel import Column, Field, SQLModel


def utc_now() -> datetime:
    """Return the time now, in UTC and aware of it."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware time."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


# -- foundation ---------------------------------------------------------------------------------------------------


class WorkspaceSetting(SQLModel, table=True):
    """One fact about this workspace that must outlive the environment, such as the seed of the split."""

    __tablename__ = "workspace_setting"

    key: str = Field(primary_key=True)
    text: str


class Person(SQLModel, table=True):
    """Someone who works here."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str = "admin"
    pseudonym: str = Field(unique=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Background(SQLModel, table=True):
    """What a person told of themselves and agreed to, and how they wish to work; region and faith only if they like."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    languages: list[str] = Field(default_factory=list, sa_type=JSON, description="those they read, BCP 47")
    region: str | None = None
    faith: str | None = None
    conflicts: str = Field(default="", description="of interest, in their own words")
    consent_version: str | None = None
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blur_pictures: bool = False
    daily_goal: int | None = None
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class CountryKnown(SQLModel, table=True):
    """A country a person knows. Labels of people who are not from a country are kept apart."""

    __tablename__ = "country_known"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    country: str = Field(primary_key=True)
    is_from: bool = Field(description="grew up there or belongs there by their own word")
    years_lived: int | None = Field(default=None, description="empty where they did not say")


class Invitation(SQLModel, table=True):
    """A link that lets one person join; only a hash of its secret is stored."""

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    role: str = "expert"
    note: str = Field(default="", description="for the leads: whom it is meant for")
    countries: list[str] = Field(default_factory=list, sa_type=JSON)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_by: int | None = Field(default=None, foreign_key="person.id")
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Event(SQLModel, table=True):
    """Who did what when; what was there before stands in `detail`."""

    id: int = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    kind: str = Field(index=True)
    subject: str = Field(index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Job(SQLModel, table=True):
    """One piece of long work in a process of its own. `pid` and `process_started` together name the process."""

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    title: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(default="queued", index=True)
    reason: str | None = None
    traceback: str | None = None
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    progress_done: int = 0
    progress_total: int | None = None
    progress_note: str = ""
    progress_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    progress_from: int = 0
    stop_requested: bool = False
    host: str | None = None
    pid: int | None = None
    process_started: float | None = None
    heartbeat_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# -- items --------------------------------------------------------------------------------------------------------


class Image(SQLModel, table=True):
    """One picture, stored once under its SHA-256, as it came; its thumbnail lies beside it."""

    sha256: str = Field(primary_key=True)
    media_type: str
    width: int
    height: int
    byte_count: int
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Item(SQLModel, table=True):
    """One CROSS query as a model sees it: picture, wording, language, country, norm."""

    __table_args__ = (Index("ix_item_listing", "country", "base_item_id", "wording"),)

    id: str = Field(primary_key=True, description="subset/index/wording, ASCII")
    base_item_id: str = Field(index=True)
    subset: str = Field(index=True)
    source_index: str
    wording: str = Field(description="1, 2, 3 or translation")
    country: str | None = Field(default=None, index=True)
    region: str | None = None
    language: str = Field(default="en", index=True, description="BCP 47")
    language_label: str | None = Field(default=None, description="as the file has it")
    domain: str | None = Field(default=None, index=True)
    domain_origin: str | None = Field(default=None, description="record, rule or expert")
    query: str
    query_english: str
    norm: str | None = None
    norm_background: str | None = None
    image_path: str | None = Field(default=None, index=True, description="as the record names it, inside its source")
    image_sha256: str | None = Field(default=None, foreign_key="image.sha256", index=True)
    image_status: str = "missing"
    image_note: str | None = None
    image_alt: str | None = None
    family_id: str = Field(index=True)
    norm_key: str | None = Field(default=None, index=True, description="hash of the normalised norm")
    split: str = Field(index=True)
    content_hash: str = Field(index=True, description="query, norm and picture path: equal content, equal hash")
    raw: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    imported_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ItemWarning(SQLModel, table=True):
    """Something about an item that a person should know; raised only where it is true."""

    __tablename__ = "item_warning"

    item_id: str = Field(foreign_key="item.id", primary_key=True)
    code: str = Field(primary_key=True)
    detail: str = ""


class ImportedFile(SQLModel, table=True):
    """One file of one import, with its report."""

    __tablename__ = "imported_file"

    id: int = Field(default=None, primary_key=True)
    path: str
    kind: str
    report: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Erratum(SQLModel, table=True):
    """A person's correction of an item; the item itself and its raw record stay as they came."""

    id: int = Field(default=None, primary_key=True)
    item_id: str = Field(foreign_key="item.id", index=True)
    kind: str = Field(description="what is wrong, as `core/rubric.py` spells it")
    proposed: str | None = Field(default=None, description="how it should read; None where nothing can be proposed")
    reason: str = ""
    form_id: str = Field(unique=True)
    status: str = Field(default="open", index=True, description="open, accepted or rejected")
    person_id: int = Field(foreign_key="person.id", index=True)
    decided_by: int | None = Field(default=None, foreign_key="person.id", description="None where two experts agreed")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_note: str = Field(default="", description="why it was rejected")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ErratumVote(SQLModel, table=True):
    """What another person thinks of an erratum."""

    __tablename__ = "erratum_vote"

    erratum_id: int = Field(foreign_key="erratum.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    agrees: bool
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class OwnItem(SQLModel, table=True):
    """Who wrote an item of this project's own, and whether a second person has passed it."""

    __tablename__ = "own_item"

    item_id: str = Field(foreign_key="item.id", primary_key=True)
    author_id: int = Field(foreign_key="person.id", index=True)
    status: str = Field(default="proposed", index=True, description="proposed, accepted or returned")
    reviewer_id: int | None = Field(default=None, foreign_key="person.id")
    review_note: str = ""
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class KeptDraft(SQLModel, table=True):
    """What somebody typed for an item of their own and has not sent yet; `form` is "new", or the returned item's."""

    __tablename__ = "kept_draft"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    form: str = Field(primary_key=True)
    form_id: str
    draft: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


# -- endpoints and runs of many calls -----------------------------------------------------------------------------


class Endpoint(SQLModel, table=True):
    """Where models answer. The key itself is nowhere in here: only the name of the variable that holds it."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    base_url: str
    api_key_env: str | None = None
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ModelPrice(SQLModel, table=True):
    """What a model costs, in US dollars per million tokens; people edit it."""

    __tablename__ = "model_price"

    model: str = Field(primary_key=True, description="as it is named to the endpoint")
    input_usd: float
    output_usd: float
    image_tokens: int = Field(description="the most tokens one picture can cost; budgets reckon with it")
    batch_share: float = Field(default=1.0, description="of the price, for calls in a batch")
    source: str = ""
    changed_by: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class CallRun(SQLModel):
    """What every run of many calls has: its job, its bounds, and what it has used so far. No table of its own."""

    id: str = Field(primary_key=True)
    job_id: int = Field(foreign_key="job.id", index=True)
    base_url: str = Field(description="where it asks; an endpoint may move, what was asked there stays")
    api_key_env: str | None = None
    selection: dict[str, Any] = Field(sa_type=JSON, description="what was chosen when it was started")
    rounds: int = 1
    concurrency: int = 8
    budget_usd: float | None = None
    budget_calls: int | None = None
    calls: int = Field(default=0, description="calls made, failed ones included")
    retries: int = 0
    cost_usd: float | None = Field(default=0.0, description="of the replies that came; None where a price is unknown")
    reserved_usd: float = Field(default=0.0, description="of calls whose outcome is not known: they may have cost that")
    largest_call_usd: float = Field(default=0.0, description="the most that one of its calls could cost so far")
    in_flight: int = Field(default=0, description="calls that may be under way; 0 once it ended in good order")
    lost_calls: int = Field(default=0, description="at most so many were under way when its process was killed")
    failures: dict[str, int] = Field(default_factory=dict, sa_type=JSON, description="failed attempts by kind")
    concurrency_now: int | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="given up by a person")
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


# -- responses ----------------------------------------------------------------------------------------------------


class ResponseRun(CallRun, table=True):
    """One collection of a model's responses; its state is its job's."""

    __tablename__ = "response_run"

    stored_as: str = Field(index=True, description="the model's name in its responses")
    model: str = Field(description="as it is named to the endpoint")
    parameters: dict[str, Any] = Field(sa_type=JSON, description="sampling, system prompt, reasoning effort, picture")


class Response(SQLModel, table=True):
    """One model's answer to one item, or its failure to answer. Text is empty unless there is some to read."""

    __table_args__ = (
        UniqueConstraint("item_id", "model", "setting", "round"),
        # Covers drawing and counting what is left to label, so that the texts are not read for it.
        Index("ix_response_item_status", "item_id", "status", "setting"),
    )

    id: int = Field(default=None, primary_key=True)
    item_id: str = Field(foreign_key="item.id", index=True)
    model: str = Field(index=True)
    setting: str
    round: int = 1
    status: str = "ok"
    text: str = ""
    error: str | None = None
    run_id: str | None = Field(default=None, foreign_key="response_run.id", index=True)
    snapshot: str | None = Field(default=None, description="the model as its endpoint named itself")
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    latency_s: float | None = None
    request_id: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ResponseFlag(SQLModel, table=True):
    """Something in a response that reads like instructions to its judge."""

    __tablename__ = "response_flag"

    response_id: int = Field(foreign_key="response.id", primary_key=True)
    code: str = Field(primary_key=True)
    excerpt: str = ""


# -- judgements ---------------------------------------------------------------------------------------------------


class JudgePrompt(SQLModel, table=True):
    """The words of one prompt version, as they were sent; evidence, never changed."""

    __tablename__ = "judge_prompt"

    version: str = Field(primary_key=True)
    words: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Judge(SQLModel, table=True):
    """A model with a prompt version and parameters, under one name: a rater that can be replaced."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    origin: str = Field(default="run", description="run or imported")
    model: str
    prompt_version: str = Field(description="the one whose judgements stand; those of others are history")
    prompt: str | None = Field(default=None, description="four-calls, one-call or cross-official; None if imported")
    base_url: str | None = None
    api_key_env: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class AnchorSet(SQLModel, table=True):
    """Responses that a judge scores anew every month, so that its drift is seen."""

    __tablename__ = "anchor_set"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    judge_id: int = Field(foreign_key="judge.id", index=True)
    response_ids: list[int] = Field(sa_type=JSON)
    next_due_at: datetime = Field(sa_type=UtcDateTime)
    budget_usd: float | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class JudgeRun(CallRun, table=True):
    """One judge over many responses; its state is its job's."""

    __tablename__ = "judge_run"

    judge_id: int = Field(foreign_key="judge.id", index=True)
    prompt_version: str
    mode: str = Field(default="live", description="live or batch")
    first_round: int = 1
    secret: str = Field(description="key of the fences; without it a fence cannot be foreseen")
    ask_unreadable_again: bool = False
    anchor_set_id: int | None = Field(default=None, foreign_key="anchor_set.id", index=True)


class JudgeBatch(SQLModel, table=True):
    """One file of calls given to a Batch API. `marker` finds it there again if we end before its id is written down."""

    __tablename__ = "judge_batch"

    id: int = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="judge_run.id", index=True)
    marker: str = Field(unique=True)
    state: str = Field(default="prepared", description="prepared, submitted, collected or failed")
    custom_ids: list[str] = Field(sa_type=JSON, description="the calls it still owes")
    reserved_usd: float = 0.0
    input_file_id: str | None = None
    batch_id: str | None = None
    status: str | None = Field(default=None, description="as the endpoint last said")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    collected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class JudgeCall(SQLModel, table=True):
    """One reply of a judge, or the failure to get one; its scores are judgements."""

    __tablename__ = "judge_call"
    __table_args__ = (Index("ix_judge_call_asked", "run_id", "response_id", "asked", "judge_round"),)

    id: int = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="judge_run.id")
    response_id: int = Field(foreign_key="response.id", index=True)
    asked: str = Field(description="a dimension, or all")
    judge_round: int = 1
    attempt: int = Field(default=1, description="1 is the first reply, 2 and 3 were asked for again")
    status: str
    raw_reply: str | None = None
    error: str | None = None
    finish_reason: str | None = None
    snapshot: str | None = Field(default=None, description="the model as its endpoint named itself")
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    latency_s: float | None = None
    request_id: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Judgement(SQLModel, table=True):
    """One judge's score of one response on one dimension; None is not scored, never 0."""

    __table_args__ = (
        UniqueConstraint("response_id", "dimension", "judge", "judge_round", "prompt_version"),
        Index("ix_judgement_status", "status"),
    )

    id: int = Field(default=None, primary_key=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    dimension: str
    judge: str = Field(index=True)
    judge_model: str
    judge_round: int = 1
    prompt_version: str
    score: int | None = None
    raw_score: str | None = Field(default=None, description="as the judge gave it, before its direction was turned")
    status: str = "scored"
    rationale: str | None = None
    call_id: int | None = Field(default=None, foreign_key="judge_call.id", index=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


# -- labels -------------------------------------------------------------------------------------------------------


class ScoresSeen(SQLModel, table=True):
    """A person saw scores or the model's name of a response before labelling it: the label will be `unblinded`."""

    __tablename__ = "scores_seen"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True, index=True)
    seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class LabelsSeen(SQLModel, table=True):
    """A person saw others' labels of a response to rule on it: a label they give later will be `unblinded`.

    Apart from `ScoresSeen`, because the judge and the model's name stay closed until the ruling.
    """

    __tablename__ = "labels_seen"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True, index=True)
    seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class SamplingPlan(SQLModel, table=True):
    """Which responses experts are to label, how they were drawn, and by how many experts each; frozen as it is made."""

    __tablename__ = "sampling_plan"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    seed: int
    wish: dict[str, Any] = Field(sa_type=JSON, description="what was asked for")
    experts_each: int = 2
    overlap_share: float = Field(default=1.0, description="of the responses that go to so many experts; others to one")
    retest_share: float = Field(default=0.05, description="of an expert's responses that come back after a week")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PlannedResponse(SQLModel, table=True):
    """One response of a sampling plan."""

    __tablename__ = "planned_response"

    plan_id: int = Field(foreign_key="sampling_plan.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True, index=True)
    stratum: str
    inclusion_probability: float = Field(description="of being in this sample, above 0 and at most 1")
    experts: int = Field(default=2, description="so many are to label it")


class PlanCandidate(SQLModel, table=True):
    """A response that a sampling plan could have drawn and did not: how likely it was stands with its stratum's drawn.

    Who labels it later, through another draw, still has to know how likely this one was to bring it.
    """

    __tablename__ = "plan_candidate"

    plan_id: int = Field(foreign_key="sampling_plan.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True, index=True)
    stratum: str


class ReviewSession(SQLModel, table=True):
    """A number of responses one expert has set out to validate."""

    __tablename__ = "review_session"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    title: str
    country: str | None = None
    planned: int
    plan_id: int | None = Field(default=None, foreign_key="sampling_plan.id", index=True)
    drawn_up_to: int | None = Field(default=None, description="the newest response there was when it was drawn")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Assignment(SQLModel, table=True):
    """One response of a review session, in its place."""

    session_id: int = Field(foreign_key="review_session.id", primary_key=True)
    position: int = Field(primary_key=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    inclusion_probability: float | None = Field(default=None, description="None where the response was picked by hand")
    is_retest: bool = Field(default=False, description="the person labelled it before: its answers are kept apart")
    follows: bool = Field(default=False, description="somebody was drawn it before: its probability is of that draw")


class Lease(SQLModel, table=True):
    """A response held for one person's session, so that no more experts get it than were wanted."""

    __table_args__ = (Index("ix_lease_held", "response_id", "ended_at"),)

    session_id: int = Field(foreign_key="review_session.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    pool: str = Field(default="outside", description="as its person knew the item's country when it was drawn")
    expires_at: datetime = Field(sa_type=UtcDateTime, description="moved on with every answer of the session")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="labelled, given back or ended")


class SkippedResponse(SQLModel, table=True):
    """A response a person put aside: `later` comes back to them, `not_for_me` goes to others."""

    __tablename__ = "skipped_response"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    form_id: str = Field(unique=True)
    kind: str = Field(description="later or not_for_me")
    reason: str = ""
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Label(SQLModel, table=True):
    """One expert's decision about one response on one dimension. The newest row that is not retracted stands."""

    __table_args__ = (
        UniqueConstraint("person_id", "response_id", "dimension", "form_id"),
        Index("ix_label_person_response", "person_id", "response_id"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    response_id: int = Field(foreign_key="response.id", index=True)
    dimension: str
    form_id: str = Field(description="made by the browser for one decision, so that sending it again changes nothing")
    phase: str
    score: int | None = None
    cant_say: bool = False
    retracted: bool = Field(default=False, description="the decision was undone before the four were locked")
    confidence: int | None = Field(default=None, description="1 unsure, 2 fairly sure, 3 sure")
    pool: str = Field(default="outside", description="how the person knows the country: from, knows or outside")
    reason: str | None = None
    language_shown: str
    translation_shown: bool = False
    inclusion_probability: float | None = None
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_key_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class RetestLabel(SQLModel, table=True):
    """One expert's second decision about a response they labelled a week ago; it enters no other number."""

    __tablename__ = "retest_label"
    __table_args__ = (Index("ix_retest_label_person_response", "person_id", "response_id"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    response_id: int = Field(foreign_key="response.id", index=True)
    session_id: int = Field(foreign_key="review_session.id")
    dimension: str
    form_id: str = Field(unique=True)
    score: int | None = None
    cant_say: bool = False
    confidence: int | None = None
    retracted: bool = False
    submitted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class MarkedPhrase(SQLModel, table=True):
    """The words of a response that an expert marked as offending."""

    __tablename__ = "marked_phrase"
    __table_args__ = (Index("ix_marked_phrase_person_response", "person_id", "response_id"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    response_id: int = Field(foreign_key="response.id", index=True)
    form_id: str = Field(unique=True)
    begins: int = Field(description="place of its first character in the text, counted in code points")
    ends: int = Field(description="place after its last one")
    phrase: str
    removed: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Ruling(SQLModel, table=True):
    """The settled outcome of one dimension of a response whose labels disagreed. The newest row stands."""

    __table_args__ = (UniqueConstraint("response_id", "dimension", "replaces"),)

    id: int = Field(default=None, primary_key=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    dimension: str
    replaces: int = Field(default=0, description="the ruling it saw standing, 0 for none; a stale one is refused")
    outcome: str = Field(description="settled, several_right, norm_wrong or not_shown")
    score: int | None = None
    cause: str = ""
    reason: str = ""
    retracted: bool = Field(default=False, description="the ruling it replaces was taken back; none stands")
    judge_seen: bool = Field(default=False, description="its author could have seen the judge before, on any page")
    ruled_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class OpinionAsked(SQLModel, table=True):
    """One more expert is wanted for a response whose labels disagree."""

    __tablename__ = "opinion_asked"

    response_id: int = Field(foreign_key="response.id", primary_key=True)
    asked_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class LockedResponse(SQLModel, table=True):
    """An expert's four answers to a response are given: from now on changes are revisions and the judge is shown."""

    __tablename__ = "locked_response"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    response_id: int = Field(foreign_key="response.id", primary_key=True, index=True)
    pool: str = Field(default="outside", description="as its labels say: those from the country are counted apart")
    locked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Note(SQLModel, table=True):
    """What an expert wrote beside a response; the newest stands."""

    __table_args__ = (Index("ix_note_person_response", "person_id", "response_id"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    response_id: int = Field(foreign_key="response.id", index=True)
    form_id: str = Field(unique=True)
    text: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


# -- pairs, training sets, training runs --------------------------------------------------------------------------


class Pair(SQLModel, table=True):
    """Two answers to one item, one chosen, one rejected, and why."""

    id: int = Field(default=None, primary_key=True)
    item_id: str = Field(foreign_key="item.id", index=True)
    chosen: str
    rejected: str
    chosen_kind: str
    chosen_response_id: int | None = Field(default=None, foreign_key="response.id")
    chosen_author: str = Field(description="a model's or a person's name")
    rejected_kind: str
    rejected_response_id: int | None = Field(default=None, foreign_key="response.id")
    rejected_author: str
    negative_type: str | None = None
    reason: str = ""
    status: str = Field(default="proposed", index=True)
    version: int = Field(default=1, description="a change names the version it saw; a stale one is refused")
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class TrainingSet(SQLModel, table=True):
    """A frozen set of examples (SFT) or pairs (DPO); its folder never changes."""

    __tablename__ = "training_set"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str
    row_count: int
    sha256: str
    folder: str = Field(description="name of the folder below the workspace's training_sets")
    manifest: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class TrainingSetPair(SQLModel, table=True):
    """Which pairs a training set was frozen from."""

    __tablename__ = "training_set_pair"

    training_set_id: int = Field(foreign_key="training_set.id", primary_key=True)
    pair_id: int = Field(foreign_key="pair.id", primary_key=True, index=True)


class TrainingRun(SQLModel, table=True):
    """One execution of a training; its state is its job's."""

    __tablename__ = "training_run"

    id: str = Field(primary_key=True, description="also the name of its folder below the workspace's runs")
    training_set_id: int = Field(foreign_key="training_set.id", index=True)
    job_id: int = Field(foreign_key="job.id", index=True)
    method: str
    model: str
    recipe: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    total_steps: int | None = None
    final: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class TrainingMetric(SQLModel, table=True):
    """One number of a training run at one step; names as TRL logs them (`loss`, `rewards/margins`, `eval_loss`)."""

    __tablename__ = "training_metric"

    run_id: str = Field(foreign_key="training_run.id", primary_key=True)
    step: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    number: float

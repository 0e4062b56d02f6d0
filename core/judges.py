"""Judges by name: which there are, and which of their judgements stand."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from core.errors import NotFoundError, UserError
from core.models import Judge, Judgement, Person
from core.people import record_event
from core.rubric import LAST_SCORING_ROUND, PromptKind

LONGEST_NAME = 80


def standing() -> ColumnElement[bool]:
    """Return the condition, on Judgement joined with Judge, that a judgement is its judge's word today.

    It was made with the judge's present prompt version, and for scoring: re-judgings of an anchor set only show drift.
    """
    return and_(
        col(Judge.name) == Judgement.judge,
        col(Judge.prompt_version) == Judgement.prompt_version,
        col(Judgement.judge_round) <= LAST_SCORING_ROUND,
    )


def stands_for(judge: Judge) -> ColumnElement[bool]:
    """Return the same condition for one judge, without a join."""
    return and_(
        col(Judgement.judge) == judge.name,
        col(Judgement.prompt_version) == judge.prompt_version,
        col(Judgement.judge_round) <= LAST_SCORING_ROUND,
    )


def judges_here(session: Session) -> Sequence[Judge]:
    """Return all judges, by name."""
    return session.exec(select(Judge).order_by(Judge.name)).all()


def known_judge(session: Session, name: str) -> Judge | None:
    """Return the judge of that name; None where there is none."""
    # What cannot be printed may be nothing a database can look for.
    return session.exec(select(Judge).where(Judge.name == name)).first() if name.isprintable() else None


def judge_named(session: Session, name: str) -> Judge:
    """Return a judge.

    Raises:
        NotFoundError: there is none of that name.
    """
    judge = known_judge(session, name)
    if judge is None:
        raise NotFoundError(f"There is no judge named {name[:80]!r}. Look at the list under Responses and judges.")
    return judge


def settled_judge(
    session: Session,
    *,
    name: str,
    model: str,
    prompt_version: str,
    origin: Literal["run", "imported"] = "run",
    prompt: PromptKind | None = None,
    base_url: str | None = None,
    api_key_env: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    author: Person | None = None,
    has_moved: bool = False,
) -> Judge:
    """Return the judge of that name, added if it is new.

    A newer version of its prompt stands only once it has scored as much as the one before: see `let_version_stand`.

    Args:
        session: to look and store with.
        name: of the judge.
        model: as its endpoint knows it.
        prompt_version: of the words it is asked with.
        origin: run here, or imported.
        prompt: the kind of its prompt; None if imported.
        base_url: where it is asked; None if imported.
        api_key_env: name of the variable that holds its key.
        parameters: how it is asked.
        author: who enters it.
        has_moved: somebody says that another address serves the same model.

    Raises:
        UserError: the name is blank, or belongs to another model, endpoint, kind of prompt or set of parameters: its
            scores would be mixed with others.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(f"A judge needs a name of 1 to {LONGEST_NAME} characters.")
    settled = known_judge(session, name)
    asked = (origin, model, prompt, dict(parameters or {}))
    if settled is None:
        settled = Judge(name=name, origin=origin, model=model, prompt_version=prompt_version, prompt=prompt)
        settled.parameters, settled.created_by = dict(parameters or {}), author.id if author else None
        session.add(settled)
    elif asked != (settled.origin, settled.model, settled.prompt, settled.parameters):
        raise UserError(
            f"The name {name} belongs to another judge ({described(settled)}), and two judges are never mixed. "
            "Choose another name."
        )
    elif settled.base_url != base_url:
        if not has_moved:
            raise UserError(
                f"{name} is asked at {settled.base_url}, and the same model elsewhere can be another one. Choose "
                "another name, or say that it has moved (--moved)."
            )
        subject, before = f"judge/{name}", settled.base_url
        record_event(session, person=author, kind="judge_moved", subject=subject, before=before, after=base_url)
    settled.base_url, settled.api_key_env = base_url, api_key_env
    if origin == "imported":
        settled.prompt_version = prompt_version
    session.flush()
    return settled


def let_version_stand(session: Session, judge: Judge, version: str) -> bool:
    """Let a prompt version's judgements be the judge's word, if they are as many as those that stand now.

    A run that was started and came to nothing must not take the scores away that are there.
    """

    def scored(of: str) -> int:
        query = select(func.count()).where(
            Judgement.judge == judge.name,
            Judgement.prompt_version == of,
            col(Judgement.score).is_not(None),
            col(Judgement.judge_round) <= LAST_SCORING_ROUND,
        )
        return session.exec(query).one()

    if version != judge.prompt_version and scored(version) >= scored(judge.prompt_version):
        judge.prompt_version = version
        session.add(judge)
    return judge.prompt_version == version


def described(judge: Judge) -> str:
    """Return in a few words what a judge is: model, prompt, parameters."""
    parts = [judge.model, judge.prompt or f"imported, {judge.prompt_version}"]
    parts += [f"{name.replace('_', ' ')} {setting}" for name, setting in sorted(judge.parameters.items())]
    return ", ".join(parts)

"""What is configured, what is missing, and what to do about it."""

import os
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from sqlmodel import col, func, select

from core.chat.keys import key_named
from core.config import settings
from core.db import reading, transaction
from core.endpoints import endpoints
from core.jobs import jobs_alive
from core.judging.unreadable import unreadable_counts
from core.models import AnchorSet, Item, Job, Judge, Response, utc_now
from core.prices import price_of

_TRAINING_PACKAGES = ("torch", "transformers", "trl", "peft", "datasets")
_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Check:
    """One thing looked at; `needed` tells whether the app can do without it."""

    name: str
    ok: bool
    detail: str
    advice: str = ""
    needed: bool = True


def checks() -> list[Check]:
    """Return all checks, the most basic first; looks only, changes nothing."""
    return [_python(), _workspace(), _database(), _items(), _training_packages(), _jobs(), *_judges(), *_keys()]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(
        "Python", sys.version_info >= (3, 11), found, "" if sys.version_info >= (3, 11) else "Install 3.11 or later."
    )


def _workspace() -> Check:
    home = settings().workspace
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    if not os.access(home, os.W_OK):
        return Check("Workspace", False, f"{home} cannot be written", "Set CROSS_REVIEW_HOME to a folder of yours.")
    roomy = free > _FREE_BYTES
    advice = "" if roomy else "Free some space: checkpoints and pictures need it."
    return Check("Workspace", roomy, f"{home}, {free / 2**30:.1f} GiB free", advice, needed=False)


def _database() -> Check:
    kind = settings().database_url.split(":", 1)[0]
    with reading() as session:
        session.exec(select(func.count()).select_from(Job)).one()
    return Check("Database", True, f"{kind}, schema up to date")


def _items() -> Check:
    with reading() as session:
        items = session.exec(select(func.count()).select_from(Item)).one()
        responses = session.exec(select(func.count()).select_from(Response)).one()
    advice = "" if items else "Import a CROSS checkout: cross-review import PATH"
    return Check("Benchmark", items > 0, f"{items:,} items, {responses:,} responses", advice, needed=False)


def _training_packages() -> Check:
    found, missing = [], []
    for package in _TRAINING_PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Check("Training", False, f"{', '.join(missing)} not installed", "Run make setup.", needed=False)
    return Check("Training", True, ", ".join(found))


def _jobs() -> Check:
    with transaction() as session:
        alive = len(jobs_alive(session))
        broken = session.exec(select(func.count()).select_from(Job).where(col(Job.state) == "interrupted")).one()
    advice = "Open the page that started them and start them again." if broken else ""
    return Check("Jobs", not broken, f"{alive} under way, {broken} interrupted", advice, needed=False)


def _judges() -> list[Check]:
    """Look at what judges wait for: a price, a person who reads a reply, a re-judging that is due."""
    with reading() as session:
        models = set(session.exec(select(Judge.model).where(Judge.origin == "run")))
        unpriced = sorted(model for model in models if price_of(session, model) is None)
        waiting = sum(unreadable_counts(session).values())
        overdue = session.exec(
            select(AnchorSet.name).where(col(AnchorSet.ended_at).is_(None), col(AnchorSet.next_due_at) <= utc_now())
        ).all()
    price = f"Enter it: cross-review price {unpriced[0]} --input-usd X --output-usd Y" if unpriced else ""
    read = "Read and score them under Responses and judges, Replies to read." if waiting else ""
    again = "Leave the app on, or run cross-review anchors --due." if overdue else ""
    return [
        Check("Prices", not unpriced, f"unknown for {', '.join(unpriced) or 'no model in use'}", price, needed=False),
        Check("Replies to read", not waiting, f"{waiting:,} wait for a person", read, needed=False),
        Check("Anchor sets", not overdue, f"due: {', '.join(overdue) or 'none'}", again, needed=False),
    ]


def _keys() -> list[Check]:
    """Look for the keys of endpoints entered and of judges; of OpenAI's alone if there are none."""
    with reading() as session:
        names = {state.endpoint.api_key_env for state in endpoints(session)}
        names |= set(session.exec(select(Judge.api_key_env)))
    checks = []
    for name in sorted(filter(None, names)) or ["OPENAI_API_KEY"]:
        known = key_named(name) is not None
        advice = "" if known else f"Needed for a hosted model: export {name}=..., then start the app again."
        checks.append(Check(name, known, "set" if known else "not set", advice, needed=False))
    return checks

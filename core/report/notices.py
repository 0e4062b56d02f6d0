"""What a reader has to know before any number: that scores are illustrative, made up, or of a stand-in."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from sqlmodel import Session

from core.judges import judge_named
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Counted, what_counts
from core.models import Judge, Person
from core.sample_workspace import SAMPLE_JUDGE, sample_is_loaded
from core.training.recipes import SMOKE_TEST
from core.words import counted

_PLUMBING = "A report of such scores shows that the steps work together, and nothing about any model."
# A name is all there is to go by: a stand-in answers like any other server.
_STAND_IN = re.compile(r"stub|fake|dummy|made.?up|mock|placeholder", re.IGNORECASE)


def notices(session: Session, *, person: Person, wanted: ScoreFilter, found: Counted) -> tuple[str, ...]:
    """Return the notices, the gravest first; none where nothing of the kind is known."""
    told = [*_of_sample(session, person, wanted, found)]
    judge = judge_named(session, wanted.judge) if wanted.judge else None
    if judge is not None:
        told += _of_judge(judge)
    return (*told, *_of_models(found.models))


def _of_sample(session: Session, person: Person, wanted: ScoreFilter, found: Counted) -> Iterator[str]:
    if not sample_is_loaded(session) or (wanted.subsets and "sample" not in wanted.subsets):
        return
    held = what_counts(session, person=person, wanted=replace(wanted, subsets=("sample",))).responses
    if held:
        share = "all" if held == found.responses else f"{held:,} of"
        yield (
            f"Sample workspace: {share} {counted(found.responses, 'response')} counted here belong to it. Its "
            "responses and scores were written for illustration and are not measurements."
        )


def _of_judge(judge: Judge) -> Iterator[str]:
    names = (judge.name, judge.model, judge.prompt_version)
    if judge.name == SAMPLE_JUDGE.name and judge.origin == "imported":
        yield "Illustrative scores: no model gave these scores. They came with the sample workspace."
    elif any(_STAND_IN.search(name) for name in names):
        yield f"By its name, the judge is a stand-in and no real judge ({', '.join(dict.fromkeys(names))}). {_PLUMBING}"
    elif _is_on_this_machine(judge.base_url):
        yield (
            "The judge was asked on the machine the app runs on, and no report can tell what answers there. If it was "
            f"a stand-in: {_PLUMBING[0].lower()}{_PLUMBING[1:]}"
        )


def _of_models(models: Sequence[str]) -> Iterator[str]:
    random = [name for name in models if SMOKE_TEST in name.lower() or _STAND_IN.search(name)]
    if random:
        shown = ", ".join(random[:5]) + (" and others" if len(random) > 5 else "")
        yield f"By their names, some models are stand-ins or have random weights: {shown}. {_PLUMBING}"


def _is_on_this_machine(address: str | None) -> bool:
    host = urlsplit(address or "").hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""What the page is about: one judge beside the experts, and which responses; the address is the only truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from core.measures.agreement_base import judge_beside_labels
from core.measures.score_filter import WITH_PICTURE, ScoreFilter, entries_left_out, filter_from_address
from core.measures.scores import known_choices
from core.models import Person


@dataclass(frozen=True)
class AgreementChoice:
    """A filter of one judge, or of the experts alone where there is no judge, and what else there is to choose.

    `left_out` are the entries of the address, by name, that are not in force.
    """

    wanted: ScoreFilter
    judges: tuple[str, ...]
    models: tuple[str, ...]
    settings: tuple[str, ...]
    splits: tuple[str, ...]
    left_out: Mapping[str, Sequence[str]]


def choice_here(session: Session, *, person: Person, given: Mapping[str, Sequence[str]]) -> AgreementChoice:
    """Return what the address asks for, completed where it leaves the judge open.

    Raises:
        UserError: an expert asks.
    """
    known = known_choices(session, person=person)
    judges, models, settings, splits = (
        tuple(str(entry) for entry in known[name]) for name in ("judges", "models", "settings", "splits")
    )
    asked = filter_from_address(given, known)
    setting = () if set(asked.settings) == set(WITH_PICTURE) else asked.settings[:1]
    judge = asked.judge or judge_beside_labels(session, person=person) or next(iter(judges), "")
    wanted = replace(
        asked, judge=judge, experts=not judge, models=asked.models[:1], settings=setting, splits=asked.splits[:1]
    )
    return AgreementChoice(wanted, judges, models, settings, splits, entries_left_out(given, wanted))

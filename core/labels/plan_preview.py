"""A sample that might be frozen -> how narrow its intervals would be, how much work it is, and who is there for it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlmodel import Session, col, select

from core.backgrounds import can_read
from core.benchmark.countries import LANGUAGE_NAMES
from core.labels.plan_draws import Candidate, Draw, Drawn, PlanWish, doubled, draw
from core.labels.plan_intervals import HalfWidth, half_width, spreads
from core.labels.review_sessions import BREAK
from core.models import Background, CountryKnown, LockedResponse
from core.people_shown import LEAST_PEOPLE

PACE_S = 40.0
FEWEST_GAPS = 30
_NEWEST_LOCKS = 5000


@dataclass(frozen=True)
class ForeseenCell:
    """What a country (None is all) can tell with this sample, and with about twice as many labels, per dimension."""

    country: str | None
    responses: int
    families: int
    now: tuple[HalfWidth, ...]
    doubled: tuple[HalfWidth, ...]


@dataclass(frozen=True)
class CountryWork:
    """What a sample asks of the people from one country; None stands for items without a country.

    `people` are those from there, None where they are somebody but fewer than `LEAST_PEOPLE`: `hours_each` would then
    say how somebody works, and is None as it is where nobody is there. `unread` are the languages of its items that
    none of them reads.
    """

    country: str | None
    responses: int
    labels: int
    hours: float
    people: int | None
    hours_each: float | None
    unread: tuple[str, ...]
    is_short: bool


@dataclass(frozen=True)
class Foreseen:
    """What freezing a plan would bring; `doubled_labels` is how many labels twice the wish would be."""

    candidates: int
    responses: int
    labels: int
    doubled_labels: int
    strata: int
    pace_s: float
    is_pace_measured: bool
    cells: tuple[ForeseenCell, ...]
    work: tuple[CountryWork, ...]


def foreseen(
    session: Session, *, frame: Sequence[Candidate], wish: PlanWish, seed: int, experts_each: int, overlap: float
) -> Foreseen:
    """Return what a plan would bring, with the very sample that its freezing would draw.

    Args:
        session: to look up people and their pace.
        frame: the responses that fit, with a judge's scores if intervals are to be foreseen from them.
        wish: with either `share` or `count`.
        seed: of the draw.
        experts_each: per response of the overlap.
        overlap: share of the sample.
    """
    once = draw(frame, wish, seed=seed, experts_each=experts_each, overlap=overlap)
    twice = draw(frame, doubled(wish), seed=seed, experts_each=experts_each, overlap=overlap)
    pace = measured_pace(session)
    return Foreseen(
        candidates=len(frame),
        responses=len(once.responses),
        labels=_labels(once.responses),
        doubled_labels=_labels(twice.responses),
        strata=len(once.strata),
        pace_s=pace or PACE_S,
        is_pace_measured=pace is not None,
        cells=_cells(frame, once, twice),
        work=_work(session, once.responses, pace or PACE_S, experts_each if overlap else 1),
    )


def measured_pace(session: Session) -> float | None:
    """Return the mean seconds a response took of late, over everybody, breaks left out.

    None while little is known, or while it would be the pace of fewer than `LEAST_PEOPLE`.
    """
    newest = select(LockedResponse).order_by(col(LockedResponse.locked_at).desc()).limit(_NEWEST_LOCKS)
    times = defaultdict(list)
    for lock in session.exec(newest):
        times[lock.person_id].append(lock.locked_at)
    by_person = [
        [(later - sooner).total_seconds() for sooner, later in pairwise(sorted(moments)) if later - sooner <= BREAK]
        for moments in times.values()
    ]
    gaps = [gap for of_person in by_person for gap in of_person]
    enough = len(gaps) >= FEWEST_GAPS and sum(bool(of_person) for of_person in by_person) >= LEAST_PEOPLE
    return sum(gaps) / len(gaps) if enough else None


def enough_people(wanted: int) -> int:
    """Return how many people a country needs for so many labels of each response to be said to have enough.

    Where several are wanted, these are at least `LEAST_PEOPLE`: whether it is short of two would say who is there.
    """
    return wanted if wanted == 1 else max(wanted, LEAST_PEOPLE)


def _labels(responses: Iterable[Drawn]) -> int:
    return sum(row.experts for row in responses)


def _by_country(responses: Iterable[Drawn]) -> dict[str | None, list[Drawn]]:
    """Return responses by country, by name; those without one come last."""
    found: defaultdict[str | None, list[Drawn]] = defaultdict(list)
    for row in responses:
        found[row.candidate.country].append(row)
    return {country: found[country] for country in sorted(found, key=lambda name: (name is None, name or ""))}


def _cells(frame: Sequence[Candidate], once: Draw, twice: Draw) -> tuple[ForeseenCell, ...]:
    by_country, more = _by_country(once.responses), _by_country(twice.responses)
    there: defaultdict[str | None, list[Candidate]] = defaultdict(list)
    for candidate in frame:
        there[candidate.country].append(candidate)
    named = [country for country in by_country if country is not None]
    cells = [_cell(country, there[country], by_country[country], more[country]) for country in named]
    return (_cell(None, frame, once.responses, twice.responses), *cells)


def _cell(
    country: str | None, there: Sequence[Candidate], once: Sequence[Drawn], twice: Sequence[Drawn]
) -> ForeseenCell:
    found = spreads(there)
    return ForeseenCell(
        country=country,
        responses=len(once),
        families=len({row.candidate.family for row in once}),
        now=tuple(half_width(once, spread) for spread in found),
        doubled=tuple(half_width(twice, spread) for spread in found),
    )


def _work(session: Session, responses: Sequence[Drawn], pace_s: float, wanted: int) -> tuple[CountryWork, ...]:
    people = _people(session)
    rows = []
    for country, drawn in _by_country(responses).items():
        read_by = people.get(country or "", [])
        is_shown = len(read_by) >= LEAST_PEOPLE
        labels = _labels(drawn)
        hours = labels * pace_s / 3600
        # The app is in English: who works here reads it.
        spoken = {row.candidate.language for row in drawn} - {"en"}
        unread = sorted(language for language in spoken if not any(can_read(one, language) for one in read_by))
        rows.append(
            CountryWork(
                country=country,
                responses=len(drawn),
                labels=labels,
                hours=hours,
                people=len(read_by) if is_shown or not read_by else None,
                hours_each=hours / len(read_by) if is_shown else None,
                unread=tuple(LANGUAGE_NAMES.get(language, language) for language in unread),
                is_short=len(read_by) < enough_people(wanted),
            )
        )
    return tuple(rows)


def _people(session: Session) -> dict[str, list[frozenset[str]]]:
    """Return for each country the languages that each person from there reads; who withdrew is left out."""
    query = (
        select(CountryKnown.country, Background.languages)
        .outerjoin(Background, col(Background.person_id) == CountryKnown.person_id)
        .where(col(CountryKnown.is_from).is_(True), col(Background.withdrawn_at).is_(None))
    )
    found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for country, languages in session.exec(query):
        found[country].append(frozenset(languages or ()))
    return found

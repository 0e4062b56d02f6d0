"""The people of a workspace as its leads see them: a list without times, and counts that name nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from core.backgrounds import background_of, countries_known
from core.consent import ConsentState, consent_state
from core.models import Background, CountryKnown, LockedResponse, Person
from core.people import needs_lead, people, person_of

# A count of fewer people would say who they are.
LEAST_PEOPLE = 3
# Faith and region are said in these steps only, from each to the next: of two exact counts, before and after somebody
# comes or goes, the difference would say what that person told.
STEPS = (LEAST_PEOPLE, 6, 11, 21)
OTHERS = "each of the others"


@dataclass(frozen=True)
class PersonShown:
    """One person as a lead sees them; region and faith are not in here. `labelled` counts whole responses."""

    person: Person
    countries: Sequence[CountryKnown]
    languages: Sequence[str]
    conflicts: str
    consent: ConsentState
    labelled: int


@dataclass(frozen=True)
class Cell:
    """How many people share one trait; None where they are fewer than `LEAST_PEOPLE`.

    `is_step` says that they are at least so many, and fewer than the next of `STEPS`.
    """

    trait: str
    people: int | None
    is_step: bool = False


def people_shown(session: Session, *, author: Person) -> list[PersonShown]:
    """Return everybody by name: no order that would rank people.

    Raises:
        UserError: an expert asks.
    """
    everybody = people(session, author=author)
    told = {row.person_id: row for row in session.exec(select(Background))}
    known: dict[int, list[CountryKnown]] = defaultdict(list)
    for row in session.exec(select(CountryKnown).order_by(col(CountryKnown.is_from).desc(), col(CountryKnown.country))):
        known[row.person_id].append(row)
    labelled = dict(
        session.exec(
            select(LockedResponse.person_id, func.count())
            .group_by(col(LockedResponse.person_id))
            .order_by(col(LockedResponse.person_id))
        ).all()
    )
    return [
        _shown(one, told.get(one.id) or Background(person_id=one.id), known[one.id], labelled.get(one.id, 0))
        for one in everybody
    ]


def person_shown(session: Session, *, author: Person, pseudonym: str) -> PersonShown:
    """Return one person.

    Raises:
        UserError: an expert asks, or there is no such person.
    """
    person = person_of(session, author=author, pseudonym=pseudonym)
    known = list(countries_known(session, person=person).values())
    labelled = session.exec(
        select(func.count()).select_from(LockedResponse).where(LockedResponse.person_id == person.id)
    ).one()
    return _shown(person, background_of(session, person=person), known, labelled)


def _shown(person: Person, held: Background, known: Sequence[CountryKnown], labelled: int) -> PersonShown:
    return PersonShown(person, known, held.languages, held.conflicts, consent_state(held), labelled)


def people_counted(session: Session, *, author: Person) -> dict[str, list[Cell]]:
    """Return how many people share a country, language, faith or region, by trait; no small count is said.

    Everybody counts who has not withdrawn, whatever their role: a change of role, which is seen, changes no count.
    Rare faiths and regions are one cell without their names: typed in freely, they may name somebody by themselves.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(author, "see who works here")
    still_here = col(Background.withdrawn_at).is_(None)
    held = session.exec(select(Background).where(still_here).order_by(col(Background.person_id))).all()
    ids = {row.person_id for row in held}
    known = [row for row in session.exec(select(CountryKnown)) if row.person_id in ids]
    return {
        "From": _cells(row.country for row in known if row.is_from),
        "Also knows": _cells(row.country for row in known if not row.is_from),
        "Reads": _cells(code for row in held for code in row.languages),
        "Faith": _cells((row.faith for row in held if row.faith), is_shy=True),
        "Region": _cells((row.region for row in held if row.region), is_shy=True),
    }


def _cells(traits: Iterable[str], *, is_shy: bool = False) -> list[Cell]:
    spellings: dict[str, list[str]] = defaultdict(list)
    for trait in traits:
        spellings[trait.casefold()].append(trait)
    counts = sorted((min(held), len(held)) for held in spellings.values())
    if is_shy:
        large = [Cell(trait, _step(count), is_step=True) for trait, count in counts if count >= LEAST_PEOPLE]
        return large + [Cell(OTHERS, None)] * (len(large) < len(counts))
    return [Cell(trait, count if count >= LEAST_PEOPLE else None) for trait, count in counts]


def _step(count: int) -> int:
    return max(step for step in STEPS if step <= count)

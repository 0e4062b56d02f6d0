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
    """How many people share one trait; None where they are fewer than `LEAST_PEOPLE`."""

    trait: str
    people: int | None


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
    """Return how many experts share a country, language, faith or region, by trait; no small count is said.

    Rare faiths and regions are one cell without their names: typed in freely, they may name somebody by themselves.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(author, "see who works here")
    experts = (Person.role == "expert", col(Background.withdrawn_at).is_(None))
    held = session.exec(select(Background).join(Person).where(*experts).order_by(col(Person.id))).all()
    ids = {row.person_id for row in held}
    known = [row for row in session.exec(select(CountryKnown)) if row.person_id in ids]
    return {
        "From": _cells(row.country for row in known if row.is_from),
        "Also knows": _cells(row.country for row in known if not row.is_from),
        "Reads": _cells(code for row in held for code in row.languages),
        "Faith": _cells((row.faith for row in held if row.faith), fold=True),
        "Region": _cells((row.region for row in held if row.region), fold=True),
    }


def _cells(traits: Iterable[str], *, fold: bool = False) -> list[Cell]:
    spellings: dict[str, list[str]] = defaultdict(list)
    for trait in traits:
        spellings[trait.casefold()].append(trait)
    counts = sorted((min(held), len(held)) for held in spellings.values())
    large = [Cell(trait, count) for trait, count in counts if count >= LEAST_PEOPLE]
    if fold:
        return large + [Cell(OTHERS, None)] * (len(large) < len(counts))
    return [Cell(trait, count if count >= LEAST_PEOPLE else None) for trait, count in counts]

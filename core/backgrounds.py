"""What people tell of themselves: countries, languages, faith -> who gets what to label."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect
from sqlmodel import Session, col, delete, func, select

from core.errors import UserError
from core.models import Background, CountryKnown, Item, Person, utc_now
from core.people import checked_text, needs_lead, record_event
from core.rubric import Pool

MOST_A_DAY = 500
_MOST_COUNTRIES = 12
_MOST_LANGUAGES = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True)
class ToldCountry:
    """A country a person names: whether they are from there, and how many years they lived there; None: not said."""

    country: str
    is_from: bool
    years_lived: int | None = None


@dataclass(frozen=True)
class Told:
    """What a person tells of themselves; languages as BCP 47, region and faith only if they like."""

    countries: tuple[ToldCountry, ...] = ()
    languages: tuple[str, ...] = ()
    region: str = ""
    faith: str = ""
    conflicts: str = ""


def counts_still(person_id: object) -> ColumnElement[bool]:
    """Return the condition, on a column of persons, that they have not withdrawn: only then their labels count."""
    gone = select(Background.person_id).where(
        col(Background.person_id) == person_id, col(Background.withdrawn_at).is_not(None)
    )
    return ~gone.exists()


def background_of(session: Session, *, person: Person) -> Background:
    """Return what a person told; an unsaved empty background where nothing was told yet."""
    return session.get(Background, person.id) or Background(person_id=person.id)


def countries_known(session: Session, *, person: Person) -> dict[str, CountryKnown]:
    """Return the countries a person named, by name, those they are from first."""
    found = session.exec(
        select(CountryKnown)
        .where(CountryKnown.person_id == person.id)
        .order_by(col(CountryKnown.is_from).desc(), col(CountryKnown.country))
    )
    return {row.country: row for row in found}


def pool_of(session: Session, *, person: Person, country: str | None) -> Pool:
    """Return how a person knows an item's country; nobody is from an unknown one."""
    return pool_named(session.scalar(select(is_from(person.id, country))))


def is_from(person_id: object, country: object) -> ScalarSelect[bool]:
    """Return, as a column, whether a person is from a country; NULL where they did not name it, however it is spelt."""
    told = select(CountryKnown.is_from).where(
        CountryKnown.person_id == person_id, func.lower(CountryKnown.country) == func.lower(country)
    )
    return told.limit(1).scalar_subquery()


def pool_named(is_from: bool | None) -> Pool:
    """Return the pool that `is_from` stands for."""
    return "outside" if is_from is None else "from" if is_from else "knows"


def reads(session: Session, *, person: Person) -> frozenset[str]:
    """Return the languages a person reads."""
    return frozenset(background_of(session, person=person).languages)


def can_read(languages: Iterable[str], wanted: str) -> bool:
    """Return whether one of these languages is the one wanted, in whatever variety: pt-BR reads pt."""
    return wanted.split("-")[0] in {language.split("-")[0] for language in languages}


def told_by(session: Session, *, person: Person) -> Told:
    """Return what a person told, as the form shows it."""
    held = background_of(session, person=person)
    known = countries_known(session, person=person).values()
    return Told(
        countries=tuple(ToldCountry(row.country, row.is_from, row.years_lived) for row in known),
        languages=tuple(held.languages),
        region=held.region or "",
        faith=held.faith or "",
        conflicts=held.conflicts,
    )


def save_background(session: Session, *, person: Person, told: Told) -> Background:
    """Store what a person tells of themselves; what was there before is gone, and stands in no log.

    Raises:
        UserError: a country, a language or a text cannot be meant; the text names it.
    """
    held = background_of(session, person=person)
    _save_routing(session, held=held, countries=told.countries, languages=told.languages)
    held.region = checked_text(told.region, what="The region", longest=80) or None
    held.faith = checked_text(told.faith, what="The faith", longest=80) or None
    held.conflicts = checked_text(told.conflicts, what="The conflict of interest", longest=500)
    return held


def save_routing(
    session: Session, *, author: Person, person: Person, countries: Sequence[ToldCountry], languages: Sequence[str]
) -> None:
    """Let a lead correct a person's countries and languages, which decide what the person gets to label.

    Raises:
        UserError: the author is an expert, or a country or language cannot be meant.
    """
    needs_lead(author, "change what others told of themselves")
    held = background_of(session, person=person)
    if held.withdrawn_at:
        raise UserError("This person has withdrawn: what they told of themselves is deleted and stays so.")
    _save_routing(session, held=held, countries=countries, languages=languages)
    record_event(session, person=author, kind="routing", subject=person.pseudonym)


def save_wishes(session: Session, *, person: Person, blur_pictures: bool, daily_goal: int | None) -> Background:
    """Store how a person wishes to work.

    Raises:
        UserError: the goal is out of its range.
    """
    if daily_goal is not None and not 1 <= daily_goal <= MOST_A_DAY:
        raise UserError(f"A goal for a day lies between 1 and {MOST_A_DAY} responses. Leave it empty for none.")
    held = background_of(session, person=person)
    held.blur_pictures, held.daily_goal, held.changed_at = blur_pictures, daily_goal, utc_now()
    session.add(held)
    return held


def checked_countries(told: Iterable[ToldCountry]) -> list[ToldCountry]:
    """Return the countries in one form, each once; the first entry of a country counts.

    Raises:
        UserError: a name has no letter, is too long, or the years cannot be.
    """
    checked: dict[str, ToldCountry] = {}
    for entry in told:
        name = checked_text(entry.country, what="A country's name", longest=60)
        if not any(letter.isalpha() for letter in name):
            raise UserError("A country's name needs letters. Choose one of the list, or type its English name.")
        if entry.years_lived is not None and not 0 <= entry.years_lived <= 120:
            raise UserError(f"The years in {name} must lie between 0 and 120.")
        checked.setdefault(name.casefold(), ToldCountry(name, entry.is_from, entry.years_lived))
    if len(checked) > _MOST_COUNTRIES:
        raise UserError(f"Name at most {_MOST_COUNTRIES} countries: those you know best.")
    return list(checked.values())


def checked_languages(languages: Iterable[str]) -> list[str]:
    """Return the languages, each once.

    Raises:
        UserError: one is no BCP 47 code, or there are too many.
    """
    held = list(dict.fromkeys(languages))
    wrong = next((code for code in held if not _LANGUAGE.fullmatch(code)), None)
    if wrong is not None:
        raise UserError(f"{wrong[:40]!r} is no code of a language. It looks like fa or pt-BR.")
    if len(held) > _MOST_LANGUAGES:
        raise UserError(f"Name at most {_MOST_LANGUAGES} languages: those you read best.")
    return held


def countries_of_items(session: Session) -> list[str]:
    """Return the countries that items are about, in alphabetical order."""
    return sorted(name for name in session.exec(select(Item.country).distinct()) if name)


def _save_routing(
    session: Session, *, held: Background, countries: Iterable[ToldCountry], languages: Iterable[str]
) -> None:
    told = checked_countries(countries)
    held.languages, held.changed_at = checked_languages(languages), utc_now()
    session.add(held)
    session.exec(delete(CountryKnown).where(col(CountryKnown.person_id) == held.person_id))
    for entry in told:
        session.add(CountryKnown(person_id=held.person_id, **vars(entry)))
    session.flush()

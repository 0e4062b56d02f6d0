"""Raters as a file names them -> who they are here, and what those who work here have seen."""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from core.labels.chunks import in_chunks
from core.models import Background, LabelsSeen, LockedResponse, Person, ScoresSeen

# A column of numbers taken for the experts would otherwise make a person of each row.
MOST_NEW_RATERS = 500
_IMPORTED = "imported: "


def imported_name(rater: str) -> str:
    """Return the name of the person that stands for a rater who is nobody here."""
    return _IMPORTED + rater


def raters_here(session: Session, names: Sequence[str]) -> dict[str, Person]:
    """Return who is meant by each name: who bears it as pseudonym, else who was imported under it before.

    Names that differ in capital letters only are one person, as everywhere here.
    """
    known: dict[str, Person] = {}
    for chunk in in_chunks(names):
        known |= {row.pseudonym: row for row in session.exec(select(Person).where(col(Person.pseudonym).in_(chunk)))}
    came_before = select(Person).where(func.lower(Person.name).like(f"{_IMPORTED}%")).order_by(col(Person.id).desc())
    exact, folded = {}, {}
    for row in session.exec(came_before):
        exact[row.name] = folded[row.name.casefold()] = row
    for name in names:
        wanted = imported_name(name)
        found = known.get(name) or exact.get(wanted) or folded.get(wanted.casefold())
        if found is not None:
            known[name] = found
    return known


def add_raters(session: Session, raters: Sequence[str]) -> dict[str, Person]:
    """Add a person for each rater, none of whom is here, and return them by rater."""
    names = {imported_name(rater): rater for rater in raters}
    # By chance, as for everybody: made from the name, a pseudonym could be found out by trying names.
    rows = [{"name": name, "role": "expert", "pseudonym": f"expert-{secrets.token_hex(5)}"} for name in names]
    added: dict[str, Person] = {}
    if rows:
        session.execute(insert(Person), rows)
    for chunk in in_chunks(list(names)):
        added |= {names[row.name]: row for row in session.exec(select(Person).where(col(Person.name).in_(chunk)))}
    return added


def working_here(session: Session, people: Iterable[Person]) -> set[int]:
    """Return which of these people use this workspace themselves; the others only stand for raters of a file."""
    held = list(people)
    stand_ins = [person.id for person in held if person.name.casefold().startswith(_IMPORTED)]
    agreed: set[int] = set()
    for chunk in in_chunks(stand_ins):
        wanted = select(Background.person_id).where(
            col(Background.person_id).in_(chunk), col(Background.consented_at).is_not(None)
        )
        agreed |= set(session.exec(wanted))
    return {person.id for person in held} - (set(stand_ins) - agreed)


def seen_by(session: Session, person_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return (person, response) wherever one of these people was shown the judge or others' labels."""
    found: set[tuple[int, int]] = set()
    for chunk in in_chunks(sorted(person_ids)):
        for table in (ScoresSeen, LabelsSeen, LockedResponse):
            rows = session.execute(select(table.person_id, table.response_id).where(col(table.person_id).in_(chunk)))
            found |= {(row.person_id, row.response_id) for row in rows}
    return found

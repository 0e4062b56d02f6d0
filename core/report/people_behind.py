"""Who stands behind a number -> which numbers a report keeps back: those that would tell of one or two people.

A report is sent to others. In the app a lead may see them; there they stay among those who work here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col

from core.measures.blind_labels import blind_labels
from core.measures.score_filter import ITEM_KEYS, ScoreFilter
from core.measures.score_frame import Frame, Label
from core.measures.scores import rated_frame
from core.models import Label as LabelRow
from core.models import Person
from core.people_shown import LEAST_PEOPLE

Keys = tuple[Label, ...]
# The same words for a cell kept back for itself and for one beside it: which is which would tell.
KEPT_BACK = "too few people"


def keys_kept_back(session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str]) -> frozenset[Keys]:
    """Return the keys of the cells whose labels come from fewer than three people.

    Where numbers over all countries stand beside those of each, what is left for the countries kept back must not be
    the word of one or two people either: then the country with the next fewest is kept back too.

    Args:
        session: to look with.
        person: who makes the report.
        wanted: which responses; whose scores plays no part.
        by: the keys of the cells.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
    """
    people = _people_behind(session, person=person, wanted=wanted, by=by)
    if "country" not in by:
        return frozenset(keys for keys, held in people.items() if len(held) < LEAST_PEOPLE)
    place = list(by).index("country")
    groups: defaultdict[Keys, dict[Keys, frozenset[int]]] = defaultdict(dict)
    for keys, held in people.items():
        groups[keys[:place] + keys[place + 1 :]][keys] = held
    return frozenset(keys for group in groups.values() for keys in _kept_back(group))


def _kept_back(people: Mapping[Keys, frozenset[int]]) -> list[Keys]:
    kept: list[Keys] = []
    behind: frozenset[int] = frozenset()
    for keys in sorted(people, key=lambda one: (len(people[one]), str(one))):
        if len(people[keys]) >= LEAST_PEOPLE and (not kept or len(behind) >= LEAST_PEOPLE):
            break
        kept.append(keys)
        behind |= people[keys]
    return kept


def _people_behind(
    session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str]
) -> dict[Keys, frozenset[int]]:
    frame, _, picked = rated_frame(session, person=person, wanted=wanted, by=by)
    places = {number: place for place, number in enumerate(frame.response_ids.tolist()) if picked[place]}
    found: defaultdict[Keys, set[int]] = defaultdict(set)
    query = blind_labels(LabelRow.response_id, LabelRow.dimension, LabelRow.person_id)
    for response_id, dimension, expert in session.execute(query.where(col(LabelRow.score).is_not(None))):
        if response_id in places and (not wanted.dimensions or dimension in wanted.dimensions):
            found[tuple(_label(frame, key, places[response_id], dimension) for key in by)].add(expert)
    return {keys: frozenset(people) for keys, people in found.items()}


def _label(frame: Frame, key: str, place: int, dimension: str) -> Label:
    if key == "dimension":
        return dimension
    of_item = key in ITEM_KEYS
    column = (frame.of_items if of_item else frame.of_responses)[key]
    return column.labels[column.codes[frame.item_of[place] if of_item else place]]

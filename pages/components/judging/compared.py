"""What two judges say of the same responses, computed once and kept until a score of theirs changes."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.db import reading
from core.judging.bridge import Bridge, DriftPoint, Flips, drift, flips, judge_bridge
from core.judging.comparable import closest_pair, overlaps
from core.judging.freshness import scores_mark
from core.judging.sight import Sight, not_testing_sight
from core.rubric import Dimension

FLIPS_A_PAGE = 25
# More than a person reads in a spreadsheet.
MOST_FLIPS = 20_000


@dataclass(frozen=True)
class Compared:
    """Two judges, and which responses: of all models and settings where none is named."""

    first: str
    second: str
    models: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What changes when a number of theirs may have."""
        return mark_of(self.first, self.second)


@dataclass(frozen=True)
class WantedFlips:
    """Of a comparison, the flips on a dimension in one country; None is all."""

    compared: Compared
    dimension: Dimension
    country: str | None


def mark_of(*judges: str) -> str:
    """Return the mark of some judges' scores now."""
    with reading() as session:
        return scores_mark(session, judges=judges)


@st.cache_data(show_spinner="Looking for judges of the same responses …", max_entries=8)
def closest_of(names: Sequence[str], first: str | None, mark: str) -> tuple[str, str]:
    """Return the two judges that can best be compared, the one that is chosen already among them."""
    with reading() as session:
        return closest_pair(names, overlaps(session), first=first)


@st.cache_data(show_spinner="Comparing the two judges …", max_entries=32)
def bridge_of(compared: Compared, mark: str) -> Bridge:
    """Return the bridge; `mark` only tells whether a kept one still holds."""
    with reading() as session:
        return judge_bridge(
            session,
            first=compared.first,
            second=compared.second,
            models=compared.models,
            settings=compared.settings,
        )


@st.cache_data(show_spinner="Looking for flips …", max_entries=64)
def flips_of(wanted: WantedFlips, mark: str, *, limit: int, offset: int) -> Flips:
    """Return some of the flips, of whoever is to see them: what of them may be shown is for `flips_as_seen`."""
    compared = wanted.compared
    with reading() as session:
        return flips(
            session,
            first=compared.first,
            second=compared.second,
            dimension=wanted.dimension,
            country=wanted.country,
            models=compared.models,
            settings=compared.settings,
            limit=limit,
            offset=offset,
        )


@st.cache_data(show_spinner="Looking at the anchor rounds …", max_entries=16)
def drift_of(judge: str, mark: str) -> list[DriftPoint]:
    """Return a judge's drift."""
    with reading() as session:
        return drift(session, judge=judge)


@st.cache_data(show_spinner="Comparing with and without the picture …", max_entries=16)
def sight_of(judge: str, mark: str, model: str | None, dimension: str) -> Sight:
    """Return which items do not test sight, for whoever is to see it: that is for `sight_as_seen`."""
    with reading() as session:
        return not_testing_sight(session, judge=judge, model=model, dimension=dimension)

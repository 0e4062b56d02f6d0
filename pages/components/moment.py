"""A point in time as people read it, and when their day began, in the zone of whoever looks."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def moment_text(moment: datetime) -> str:
    """Return a time such as "3 Nov 2026, 14:02" in the viewer's zone; UTC, and saying so, where that is unknown."""
    zone = _zone(st.context.timezone)
    there = moment.astimezone(zone or UTC)
    return f"{there.day} {there:%b %Y, %H:%M}" + ("" if zone else " UTC")


def midnight(name: str | None) -> datetime:
    """Return when the day began in the zone of that name, such as `st.context.timezone`; in UTC where it is unknown."""
    here = _zone(name) or UTC
    return datetime.now(here).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None

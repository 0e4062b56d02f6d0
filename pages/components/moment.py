"""A point in time as people read it, in the zone of whoever looks."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def moment_text(moment: datetime) -> str:
    """Return a time such as "3 Nov 2026, 14:02" in the viewer's zone; UTC, and saying so, where that is unknown."""
    zone = _viewers_zone()
    there = moment.astimezone(zone or UTC)
    return f"{there.day} {there:%b %Y, %H:%M}" + ("" if zone else " UTC")


def _viewers_zone() -> tzinfo | None:
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None

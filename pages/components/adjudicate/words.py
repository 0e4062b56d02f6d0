"""Outcomes and causes of rulings, as people read them; all our own words."""

from core.rubric import CAUSE_TITLES, OUTCOME_TITLES


def ruling_title(outcome: str, score: int | None) -> str:
    """Return "Yes", "No", or why neither is right."""
    if outcome == "settled":
        return "Yes" if score else "No"
    return next((title for name, title in OUTCOME_TITLES.items() if name == outcome), outcome)


def cause_title(cause: str) -> str:
    """Return what the disagreement comes from."""
    return next((title for name, title in CAUSE_TITLES.items() if name == cause), cause)

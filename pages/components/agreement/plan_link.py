"""A cell that needs labels -> the address of Sampling plans with its form filled; entries as the form's fields show."""

from core.measures.next_labels import NextLabels, responses_drawn, responses_to_draw, share_to_draw
from core.measures.score_filter import WITH_PICTURE, ScoreFilter
from core.rubric import RUBRIC, SETTING_TITLES, SPLIT_TITLES
from pages.components.item_words import SUBSET_TITLES
from pages.components.plain import visible


def plan_address(wanted: ScoreFilter, cell: NextLabels) -> dict[str, list[str]]:
    """Return the address that opens a form filled for a cell: its country, model and dimension, and how many responses.

    What the judge said on the dimension balances the draw and raises no share: every response is as likely as others.
    For all countries together a share is asked for, of which each country gives at least one response.
    """
    country = cell.keys.get("country")
    countries = (str(country),) if country is not None else wanted.countries
    chosen = {
        "plan-models": [str(cell.keys["model"])],
        "plan-countries": list(countries),
        "plan-settings": [SETTING_TITLES.get(name, name) for name in wanted.settings or WITH_PICTURE],
        "plan-subsets": [SUBSET_TITLES.get(name, name) for name in wanted.subsets],
        "plan-splits": [SPLIT_TITLES.get(name, name) for name in wanted.splits],
        "plan-rounds": [str(number) for number in wanted.rounds],
        "plan-judge": [cell.judge],
    }
    address = {"new": ["1"]} | {name: [visible(entry) for entry in held] for name, held in chosen.items() if held}
    if country is None:
        return address | {"plan-percent": [f"{100 * share_to_draw(cell):.4f}"]}
    balance = {"plan-balance": [RUBRIC[cell.keys["dimension"]].title], "plan-failing": ["0"]}  # type: ignore[index]
    return address | {"plan-amount": ["A number"], "plan-count": [str(responses_to_draw(cell))]} | balance


def drawn_words(wanted: ScoreFilter, cell: NextLabels) -> str:
    """Return how many responses the plan draws and how many of them may be new; nothing where it cannot be told.

    A plan cannot be narrowed to all that numbers can: then it draws from more responses than the cell has.
    """
    if beyond_plans(wanted):
        return ""
    drawn = responses_drawn(cell)
    new = round(drawn * cell.left / max(1, cell.responses))
    words = f"the plan draws {drawn:,}"
    return words if new == drawn else f"{words}, about {new:,} of them new"


def beyond_plans(wanted: ScoreFilter) -> bool:
    """Return whether numbers are narrowed by what a plan cannot choose by."""
    return bool(wanted.domains or wanted.languages or wanted.regions or wanted.errata == "without")

"""A cell that needs labels -> the address of Sampling plans with its form filled; entries as the form's fields show."""

import math

from core.measures.next_labels import NextLabels, responses_to_draw
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
    count = responses_to_draw(cell)
    if country is None:
        # Rounded down: each country's share is rounded up.
        percent = math.floor(1e6 * count / max(1, cell.responses)) / 1e4
        return address | {"plan-percent": [f"{max(0.1, percent):.4f}"]}
    balance = {"plan-balance": [RUBRIC[cell.keys["dimension"]].title], "plan-failing": ["0"]}  # type: ignore[index]
    return address | {"plan-amount": ["A number"], "plan-count": [str(count)]} | balance

"""How the numbers of the page are made, in plain words."""

import streamlit as st

from core.measures.scores import FEWEST_RESPONSES
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, FEWEST_FOR_INTERVAL

_WORDS = f"""
**A mean** is the share of scored responses that did well: 100 is best. Each response counts once; where its rater
scored it several times, it counts with the mean of those scores. A response without a score is counted apart and is
never a 0.

**Whose scores.** Every number is of one judge, or of experts: two are never mixed. A judge's mean is what that judge
thinks, not what people of the country think. Experts' numbers use labels given before seeing the judge, by people from
the country of the item; responses that were likelier to be chosen for labelling count less, so that the mean stands
for all.

**The interval** (95 %) says how far the mean could move with other items of the same kind. Items that share a picture
or a norm are one family and count as one piece of evidence. With {FEWEST_FOR_BOOTSTRAP} families or more we draw whole
families anew at least 2,000 times; with fewer we use a formula that is more careful. An interval is for questions like
these, not for these questions alone: even where every response has its score, it keeps a width. It speaks of these
raters, not of a whole country. "31 ±5" names the longer side of the interval; point at it for both ends.

**Too few.** Below {FEWEST_RESPONSES} scored responses or {FEWEST_FOR_INTERVAL} families a field is gray and dashed, has
no mean, and is ranked nowhere.

**Surely worst** goes by the upper end of the interval: first come the fields that are surely low, not those that look
low by chance.

**The map** has borders as Natural Earth draws them; land whose belonging is disputed has no country's colour. What is
on the map stands in the grid and in the table too.

**Ranks** are given where differences between models, on the same items, are sure enough; "1 to 3" means that nobody can
say which of these places it is. **Differences** compare two models on the same items, settings and rounds only.
"""


def methods() -> None:
    """Draw the methods, closed at first."""
    with st.expander("How these numbers are made", icon=":material/help:"):
        st.markdown(_WORDS)

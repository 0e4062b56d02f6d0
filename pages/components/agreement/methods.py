"""How the numbers of the page are made, in plain words."""

import streamlit as st

from core.measures.agreement import LARGEST_Q
from core.measures.scores import FEWEST_RESPONSES
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, FEWEST_FOR_INTERVAL

_WORDS = f"""
**Agreement** is the share of answers on which two sides say the same, yes or no. With several experts on an answer it
is that of one drawn at random. Only **blind** labels count, given before seeing the judge, by people from the country
of the item. What was changed after seeing the judge stands under *Second looks*.

**The ceiling.** Experts do not always agree with each other. A judge that agrees with an expert as often as another
expert does is as good as one more expert; nobody can expect more.

**Beyond chance.** Where nearly all answers do well, two sides agree often without looking. *Cohen's kappa*,
*Krippendorff's alpha* and *Gwet's AC1* take away what chance would give, each by its own idea of chance: 1 is perfect,
0 is no better than chance. Between experts kappa is Fleiss'. Where scores do not vary, kappa and alpha are undefined,
and the field says so. Kappa is low where one answer is rare, even if agreement is high; AC1 is not. Read them
together.

**Weights.** Answers that were likelier to be drawn for labelling count less, so that the numbers stand for all
answers. Answers picked by hand count as one each. "Can't say", and what people gave back as not for them, is left out;
pointing at a field tells how far it could move the number.

**One more expert.** Where experts differ, a lead can ask one more. That label helps to rule on the answer and is kept
with it, but it is in no number here: asking on only where two differ would make experts look more of one mind than they
are.

**The interval** (95 %) takes families (wordings of a question, items of one norm) as one piece of evidence: whole
families are drawn anew from {FEWEST_FOR_BOOTSTRAP} families on, a more careful formula serves below, and under
{FEWEST_FOR_INTERVAL} families or {FEWEST_RESPONSES} answers only n is shown. It is for questions like these, not
for these alone, and speaks of these experts, not of a whole country.

**The test** asks whether the judge agrees with an expert less often than another expert does, on the same answers.
With many fields some would stand out by chance; *q* is corrected for that (Benjamini and Yekutieli): of all fields
with q up to {LARGEST_Q}, at most one in twenty is expected to be a false alarm. "No sign" is no proof that the judge
is as good: with few answers nothing shows.

**A judge's rounds.** Where a judge scored an answer several times, one of its scores is drawn at random, as one
expert's is. Taking what it said most often would make it look better than one expert, who is asked only once.
"""


def methods() -> None:
    """Draw the methods, closed at first."""
    with st.expander("How these numbers are made", icon=":material/help:"):
        st.markdown(_WORDS)

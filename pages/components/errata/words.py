"""What is asked for each thing that can be wrong with an item; all our own words."""

from core.rubric import ErratumKind

# Of a picture that does not show the norm, only a reason is asked.
ASKS: dict[ErratumKind, str] = {
    "norm_wrong": "How should the norm read? Leave it empty where it does not hold at all.",
    "norm_incomplete": "The whole norm, with what was missing",
    "translation_bad": "How should the question read in its own language?",
    "wrong_country": "The right country",
    "domain": "The right domain",
}

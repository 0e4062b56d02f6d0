"""How the numbers of a report are made, for readers who are no statisticians."""

from core.measures.corrected_scores import FEWEST_LABELS
from core.measures.resampling import REPLICATES
from core.measures.scores import FEWEST_RESPONSES
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, FEWEST_FOR_INTERVAL
from core.people_shown import LEAST_PEOPLE
from core.report.contents import Fact

METHODS: tuple[Fact, ...] = (
    Fact(
        "What is asked",
        "How well a model's answers fare, by people from the country: the mean, over the responses of a cell, of "
        "the mean blind label of experts from that country. Blind means given before the judge's scores were "
        "shown. A judge's mean is another quantity: what that judge thinks. It is named so everywhere, and two "
        "judges are never mixed. Rulings, which settle labels that differ, are not in here.",
    ),
    Fact(
        "A score",
        "Each response is scored 1 (good) or 0 on four dimensions. A percentage is the mean over scored "
        "responses, and 100 is best. A response without a score is counted apart and is never a 0. Where a rater "
        "scored a response several times, it counts once, with the mean of those scores.",
    ),
    Fact(
        "Weights",
        "Experts label a sample, and some responses were likelier to be drawn for it. Each label is weighted by the "
        "inverse of that likelihood, so that means, agreement and corrected scores stand for all responses. Skipped "
        'ones and "can\'t say" are counted apart, with how far they could move a number at most.',
    ),
    Fact(
        "Families",
        "The wordings and the translation of one question, and all questions of a country about the same norm, "
        "are a family. Answers within a family resemble one another, so families, not responses, count as "
        "independent.",
    ),
    Fact(
        "Intervals",
        "An interval (95 %) says how far a number could move with other families of the same kind. It is for "
        "questions like these, not for these questions alone: even where all are scored and labelled, it keeps a "
        "width. From "
        f"{FEWEST_FOR_BOOTSTRAP} families on, whole families are drawn anew {REPLICATES:,} times; below, "
        "Student's t or Wilson's interval on the effective number of families, which are more careful. Below "
        f"{FEWEST_FOR_INTERVAL} families, or {FEWEST_RESPONSES} scored responses, there is no mean, no interval "
        "and no rank. The claim that 95 % intervals hold in 93 to 97 % of cases is made for 40 families or more "
        "and rates between 20 % and 80 %; elsewhere they may hold less often, and the benchmark of CROSS Review "
        "prints how often.",
    ),
    Fact(
        "Ranks",
        "A model stands before another only where the difference on the same items, settings and rounds is surely "
        'above 0, for the whole board at once. "3 to 9" means that nobody can say which of these places it is.',
    ),
    Fact(
        "Surely worst",
        "Cells are ordered by the upper end of their interval: first those that are surely low, not those that "
        "look low by chance.",
    ),
    Fact(
        "Agreement",
        "Percent agreement, Cohen's kappa, Krippendorff's alpha and Gwet's AC1, all weighted. The last three "
        "take chance into account, each in its own way. The experts' agreement among themselves is the ceiling: "
        "no judge can be asked to agree with people more than they agree with each other. The test asks whether "
        "the judge agrees with one expert less than another expert does, on the same responses; q keeps the "
        "share of false alarms in check over the whole table (Benjamini and Yekutieli). Where scores do not "
        "vary, agreement beyond chance is undefined, and is said so.",
    ),
    Fact(
        "Corrected scores",
        "All scores of the judge, moved by how far experts' labels lie from the judge where both are known "
        "(prediction-powered inference, Angelopoulos and others 2023). It estimates what experts would say of "
        "all responses, however wrong the judge is, and is narrower than the labels alone where the judge is "
        f"right. It needs {FEWEST_LABELS} labels from {FEWEST_FOR_INTERVAL} families; with fewer, the report says "
        "how many are missing.",
    ),
    Fact(
        "Second looks",
        "Anchoring is how often experts changed an answer towards the judge's once they had seen it. Retest is "
        "how often they gave the same answer to the same response, unseen, a week later. A judge's score is the one "
        "that stood when the answer was given. Where several judges are shown, a change towards one may follow "
        "another.",
    ),
    Fact(
        "People",
        f"No number in here rests on the labels of fewer than {LEAST_PEOPLE} people: such cells are kept back, "
        "and with a single one of them the next smallest, so that nobody can work it out from the total. Nobody "
        "is named.",
    ),
    Fact(
        "What it does not say",
        "Intervals speak of these experts, this judge and questions like these, not of a whole country, its people, "
        "or all that a model may be asked. Norms differ within countries, between regions, generations and faiths. "
        "A high score is no proof that a model does no harm. Published figures are of other models, judged by "
        "another judge on all items: to orient by, not to compare with.",
    ),
)

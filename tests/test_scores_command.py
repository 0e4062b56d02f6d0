"""What `cross-review scores` says its numbers are made of, in words and in JSON."""

import pytest

from core.db import transaction
from core.models import Erratum
from tests.builders import build_item, build_person, build_response
from tests.score_builders import build_label, build_word
from tests.test_cli import answer, run
from tests.test_corrected_cells import build_labelled, responses

MIXED = "Mixed in them: English and translation; held-out and training items; rounds 1, 2; 1 item with a correction"


@pytest.fixture
def mixed(workspace):
    """Two responses that differ in use, setting and round, one of an item with a correction, judged and labelled."""
    with transaction() as session:
        expert = build_person(session)
        for number, split in enumerate(("held_out", "training_pool")):
            item = build_item(session, split=split)
            setting = ("english", "translation")[number]
            response = build_response(session, item, model="m-1", setting=setting, round=number + 1)
            build_word(session, response, "compliance", 1)
            build_label(session, expert, response, 1)
        own = {"item_id": item.id, "person_id": expert.id, "form_id": "f"}
        session.add(Erratum(**own, kind="norm_wrong", reason="r"))


@pytest.mark.parametrize(
    ("arguments", "rater"),
    [((), {"rater": "judge-a"}), (("--experts",), {"rater": "experts"}), (("--corrected",), {"judge": "judge-a"})],
)
def test_it_says_what_is_mixed_in_words_and_in_json(mixed, arguments, rater):
    said = run("scores", *arguments).stdout
    assert f"{next(iter(rater.values()))}: numbers of 2 responses to 2 items. {MIXED}" in said
    [made_of] = answer("scores", *arguments)["made_of"]
    assert made_of == rater | {
        "items": 2,
        "responses": 2,
        "with_errata": 1,
        "splits": ["held_out", "training_pool"],
        "settings": ["english", "translation"],
        "models": ["m-1"],
        "rounds": [1, 2],
    }


def test_what_was_left_out_is_not_mixed(mixed):
    said = run("scores", "--split", "held_out").stdout
    assert said.splitlines()[-1] == "judge-a: numbers of 1 response to 1 item. Mixed in them: nothing."


def test_each_judge_says_its_own(mixed):
    with transaction() as session:
        build_word(session, responses(session)[0], "compliance", 0, judge="judge-b")
    assert [one["responses"] for one in answer("scores")["made_of"]] == [2, 1]


def test_without_scores_it_says_only_that(workspace):
    assert run("scores", "--experts").stdout == "Nothing is scored yet that fits.\n"


def test_what_experts_left_unsaid_bounds_the_labels_even_where_nothing_is_corrected(workspace):
    with transaction() as session:
        build_labelled(session, labelled=1)
        expert = build_person(session)
        for response in responses(session)[1::8]:
            build_label(session, expert, response, None, inclusion_probability=0.5)
    [cell] = answer("scores", "--corrected")["cells"]
    # 12 labels and 6 unsaid, each drawn as surely: 4 of 18 at least, 10 of 18 at most.
    assert (cell["lowest"], cell["missing_labels"]) == (None, 18)
    assert [cell["labels_lowest"], cell["labels_highest"]] == pytest.approx([4 / 18, 10 / 18])
    assert ", 22.2% to 55.6% with 6 unsaid; both together 18 more labels needed" in run("scores", "--corrected").stdout

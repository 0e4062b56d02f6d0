"""Corrected scores of models against a plain recomputation, and where they are refused."""

import math
import random
from collections import defaultdict
from dataclasses import asdict

import pytest
from sqlmodel import col, select

from core.consent import withdraw
from core.errors import NotFoundError, UserError
from core.judges import judge_named
from core.judging.export import judgement_records
from core.measures.corrected_cells import corrected_cells
from core.measures.corrected_scores import corrected_score
from core.measures.score_filter import ScoreFilter
from core.measures.scored_cells import ScoredCell
from core.measures.scores import cells
from core.models import Assignment, CountryKnown, Erratum, Response, ReviewSession, SkippedResponse
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND
from tests.builders import build_item, build_person, build_response
from tests.score_builders import VERSION, build_label, build_random, build_word, item_of, lead

A = ScoreFilter(judge="judge-a")
NONE = math.nan


def found_by(session, wanted=A, *, by_country=False):
    found = corrected_cells(session, person=lead(session), wanted=wanted, by_country=by_country)
    return {tuple(cell.keys.values()): cell for cell in found}


def responses(session):
    return session.exec(select(Response).order_by(col(Response.id))).all()


def newest_response(session):
    return responses(session)[-1]


def build_labelled(session, *, families=12, each=4, labelled=3, model="m-1", country="Iran", score=None):
    """Add responses of families, the judge's scores on compliance, and labels of the first of each, drawn with 0.5."""
    expert = build_person(session)
    for family in range(families):
        for number in range(each):
            item = build_item(session, country=country, family_id=f"{country}-{family:02}")
            response = build_response(session, item, model=model)
            build_word(session, response, "compliance", score if score is not None else (family + number) % 2)
            if number < labelled:
                said = score if score is not None else int((family + number) % 2 and family % 3 > 0)
                build_label(session, expert, response, said, inclusion_probability=0.5)


def build_random_labels(session, seed):
    """Label six in ten responses once or twice, some unsaid or by people from elsewhere; return (score, chance)s."""
    rng = random.Random(seed)
    people = [build_person(session) for _ in range(2)]
    given = defaultdict(list)
    for response in responses(session):
        if rng.random() > 0.6:
            continue
        chance = rng.choice([0.2, 0.5, 1.0, None])
        for person in people[: rng.choice([1, 2])]:
            for dimension in DIMENSIONS:
                score = None if rng.random() < 0.1 else rng.randrange(2)
                own = {"dimension": dimension, "inclusion_probability": chance}
                if rng.random() < 0.1:
                    build_label(session, person, response, 1, pool="outside", **own)
                    continue
                build_label(session, person, response, score, **own)
                given[response.id, dimension].append((score, chance))
                if rng.random() < 0.2:
                    build_label(session, person, response, 1, phase="revised", **own)
    return given


def by_hand(session, given, keys):
    """Return by key the responses of each cell, one after another, from what was built and what is exported."""
    judged = defaultdict(list)
    for record in judgement_records(session):
        stands = record["prompt_version"] == VERSION and record["judge_round"] <= LAST_SCORING_ROUND
        if record["judge"] == "judge-a" and stands and record["score"] is not None:
            judged[record["response_id"], record["dimension"]].append(record["score"])
    rows = defaultdict(list)
    for response in responses(session):
        item = item_of(session, response)
        if response.setting == "text-only":
            continue
        for dimension in DIMENSIONS:
            said, of_judge = given.get((response.id, dimension), []), judged[response.id, dimension]
            scores = [score for score, _ in said if score is not None]
            chances = [one for held in DIMENSIONS for _, one in given.get((response.id, held), []) if one]
            place = {"model": response.model, "country": item.country, "dimension": dimension}
            rows[tuple(place[key] for key in keys)].append(
                (
                    sum(of_judge) / len(of_judge) if of_judge else NONE,
                    sum(scores) / len(scores) if scores else NONE,
                    max(chances, default=1.0) if said else NONE,
                    item.family_id,
                )
            )
    return {key: ScoredCell(*map(list, zip(*held, strict=True))) for key, held in rows.items()}


def figures(score):
    """Return all that a corrected score says, by name."""
    held = asdict(score)
    inner = {f"{name} {key}": one for name in held if isinstance(held[name], dict) for key, one in held[name].items()}
    return inner | {name: one for name, one in held.items() if not isinstance(one, dict)}


@pytest.mark.parametrize("by_country", [False, True])
def test_every_cell_is_a_plain_recomputation(session, by_country):
    build_random(session, 5)
    given = build_random_labels(session, 6)
    keys = ("model", "country", "dimension") if by_country else ("model", "dimension")
    expected = by_hand(session, given, keys)
    found = found_by(session, by_country=by_country)
    assert set(found) == {
        key for key, cell in expected.items() if not all(math.isnan(one) for one in [*cell.judge, *cell.labels])
    }
    for key, cell in found.items():
        assert cell.responses == len(expected[key].judge)
        assert figures(cell.score) == pytest.approx(figures(corrected_score(expected[key])), abs=1e-12), key


def test_the_value_is_the_judges_mean_moved_by_the_weighted_distance_of_experts(session):
    build_labelled(session)
    cell = found_by(session)["m-1", "compliance"]
    # 48 responses, the judge says yes to half of them. Of the 36 labelled it says yes to 18, experts to those 18 but
    # the third of the families: 12. All weigh the same, so 0.5 * lambda + (12 - 18 * lambda) / 36 = 1 / 3.
    assert cell.score.judge.value == pytest.approx(0.5)
    assert cell.score.labels_only.value == pytest.approx(1 / 3)
    assert cell.score.corrected.value == pytest.approx(1 / 3)
    assert (cell.score.judge.n, cell.score.labels_only.n, cell.score.judge.families) == (48, 36, 12)
    assert cell.score.corrected.low < 1 / 3 < cell.score.corrected.high
    assert 0 < cell.score.reliance <= 1


def test_judge_and_experts_have_the_numbers_of_the_failures_page(session):
    build_random(session, 5)
    build_random_labels(session, 6)
    person = lead(session)
    for wanted, name in ((A, "judge"), (ScoreFilter(experts=True), "labels_only")):
        for cell in cells(session, person=person, wanted=wanted, by=("model", "dimension")):
            mine = getattr(found_by(session)[tuple(cell.keys.values())].score, name)
            assert (mine.value, mine.low, mine.high) == pytest.approx((cell.mean, cell.low, cell.high), abs=1e-9)


def test_below_the_least_number_of_labels_it_refuses_and_says_how_many_are_missing(session):
    build_labelled(session, labelled=2)
    score = found_by(session)["m-1", "compliance"].score
    assert score.corrected.value is None
    assert (score.missing_labels, score.missing_families, score.labels_only.n) == (6, 0, 24)
    assert score.corrected.note == "6 more labels needed"


def test_many_labels_of_few_families_are_refused_too(session):
    build_labelled(session, families=8, each=5, labelled=5)
    score = found_by(session)["m-1", "compliance"].score
    assert (score.corrected.value, score.missing_labels, score.missing_families) == (None, 2, 2)


def test_without_labels_the_judge_stands_alone_and_all_labels_are_missing(session):
    build_labelled(session, labelled=0)
    score = found_by(session)["m-1", "compliance"].score
    assert (score.missing_labels, score.labels_only.value, score.judge.n) == (30, None, 48)


def test_without_anything_there_is_no_cell(session):
    build_word(session, build_response(session, build_item(session), setting="text-only"), "compliance", 1)
    assert found_by(session) == {}


def test_a_judge_that_scored_nothing_corrects_nothing(session):
    build_labelled(session)
    build_word(session, build_response(session, build_item(session), setting="text-only"), "compliance", 1, judge="b")
    score = found_by(session, ScoreFilter(judge="b"))["m-1", "compliance"].score
    assert (score.judge.n, score.corrected.value, score.corrected.note) == (0, None, "no scores")
    assert score.labels_only.n == 36


def test_a_retired_judges_scores_are_corrected_as_long_as_they_stand(session):
    build_labelled(session)
    before = found_by(session)["m-1", "compliance"].score
    build_word(session, responses(session)[0], "compliance", 1, judge="successor")
    assert found_by(session)["m-1", "compliance"].score == before
    judge_named(session, "judge-a").prompt_version = "newer"
    session.flush()
    score = found_by(session)["m-1", "compliance"].score
    assert (score.judge.n, score.corrected.value) == (0, None)


def test_all_scores_equal_give_an_interval_with_a_width(session):
    build_labelled(session, score=1)
    score = found_by(session)["m-1", "compliance"].score
    assert score.corrected.value == 1
    assert score.corrected.low < 0.9
    assert score.corrected.note == "no difference between families"


def test_one_country_alone_is_told_by_country(session):
    build_labelled(session)
    [(key, cell)] = found_by(session, by_country=True).items()
    assert key == ("m-1", "Iran", "compliance")
    assert cell.score == found_by(session)["m-1", "compliance"].score


def test_each_model_has_its_own_correction(session):
    build_labelled(session)
    build_labelled(session, model="m-2", score=0)
    found = found_by(session)
    assert found["m-1", "compliance"].score.corrected.value == pytest.approx(1 / 3)
    assert found["m-2", "compliance"].score.corrected.value == 0


def test_items_with_corrections_can_be_left_out(session):
    build_labelled(session)
    doubted = item_of(session, responses(session)[0])
    session.add(Erratum(item_id=doubted.id, person_id=lead(session).id, kind="norm_wrong", reason="r", form_id="f"))
    session.flush()
    without = found_by(session, ScoreFilter(judge="judge-a", errata="without"))["m-1", "compliance"]
    assert (without.responses, without.score.labels_only.n) == (47, 35)


def test_labels_of_people_who_have_withdrawn_count_no_more(session):
    build_labelled(session)
    expert = build_person(session)
    later = newest_response(session)
    build_label(session, expert, later, 1)
    assert found_by(session)["m-1", "compliance"].score.labels_only.n == 37
    withdraw(session, person=expert)
    session.flush()
    assert found_by(session)["m-1", "compliance"].score.labels_only.n == 36


def test_what_somebody_from_the_country_gave_back_widens_the_bounds(session):
    build_labelled(session)
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Iran", is_from=True))
    unlabelled = newest_response(session)
    review = ReviewSession(person_id=person.id, title="t", planned=1)
    session.add(review)
    session.flush()
    place = {"session_id": review.id, "position": 0, "response_id": unlabelled.id}
    session.add(Assignment(**place, inclusion_probability=0.5))
    before = found_by(session)["m-1", "compliance"].score
    skipped = {"person_id": person.id, "response_id": unlabelled.id, "form_id": "f"}
    session.add(SkippedResponse(**skipped, kind="not_for_me"))
    session.flush()
    after = found_by(session)["m-1", "compliance"].score
    assert (before.unsaid, after.unsaid) == (0, 1)
    assert before.lowest == before.highest
    assert after.lowest < after.highest


def test_it_needs_one_judge_that_there_is(session):
    with pytest.raises(UserError, match="Choose one judge"):
        found_by(session, ScoreFilter(experts=True))
    with pytest.raises(UserError, match="Choose one judge"):
        found_by(session, ScoreFilter())
    with pytest.raises(NotFoundError):
        found_by(session, ScoreFilter(judge="nobody"))


def test_an_expert_gets_none_of_it(session):
    build_labelled(session)
    with pytest.raises(UserError, match="lead"):
        corrected_cells(session, person=build_person(session), wanted=A)

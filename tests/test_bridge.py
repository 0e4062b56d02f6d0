"""Two judges on the same responses, and one judge over its anchor rounds."""

import random
from collections import defaultdict
from datetime import UTC, datetime
from statistics import mean

import pytest
from sqlmodel import select

from core.errors import NotFoundError, UserError
from core.judges import settled_judge
from core.judging.bridge import drift, flips, judge_bridge
from core.models import Judge, Judgement
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND
from tests.builders import build_item, build_judgements, build_response

VERSION = "one-call-1"
MONTH_1, MONTH_2 = LAST_SCORING_ROUND + 1, LAST_SCORING_ROUND + 2


def build_word(session, response, score, *, judge="judge-a", dimension="compliance", judge_round=1, **given):
    """Add one judgement; the judge's present prompt version is always `VERSION`."""
    settled_judge(session, name=judge, model="judge-model", prompt_version=VERSION)
    values = {"prompt_version": VERSION, "status": "unreadable" if score is None else "scored"} | given
    session.add(
        Judgement(
            response_id=response.id,
            dimension=dimension,
            judge=judge,
            judge_model="judge-model",
            judge_round=judge_round,
            score=score,
            **values,
        )
    )
    session.flush()


def build_pair(session, first, second, **item):
    """Add a response to an item of its own with the scores of judge-a and judge-b; `first` and `second` as '1011'."""
    response = build_response(session, build_item(session, **item))
    build_judgements(session, response, first, judge="judge-a")
    build_judgements(session, response, second, judge="judge-b")
    return response


def cell_of(bridge, dimension="compliance", country=None):
    [cell] = [cell for cell in bridge.cells if (cell.dimension, cell.country) == (dimension, country)]
    return cell


def bridge_of(session, **given):
    return judge_bridge(session, first="judge-a", second="judge-b", **given)


def test_agreement_means_shift_and_flips_worked_by_hand(session):
    # Compliance is the third mark. a: 1 1 0 0 1, b: 1 0 0 1 0: equal in 2 of 5; means 3/5 and 2/5; shift -1/5.
    for first, second in ("11", "10", "00", "01", "10"):
        build_pair(session, f"11{first}1", f"11{second}1")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.families, cell.unscored) == (5, 5, 0)
    assert (cell.agreement.value, cell.mean_first, cell.mean_second) == (0.4, 0.6, 0.4)
    assert cell.shift.value == pytest.approx(-0.2)
    assert (cell.flips_up, cell.flips_down) == (1, 2)
    assert cell_of(bridge_of(session), "awareness").agreement.value == 1.0


def test_ten_families_of_two_give_the_interval_worked_by_hand(session):
    # In every family one response agrees; in 5 of them the other one goes from 1 to 0. Shift -5/20 = -0.25, residuals
    # of the family sums -1 and 0 from -0.5: squares 10 * 0.25 = 2.5; variance 10/9 * 2.5 / 20^2 = 0.00694444, margin
    # 2.262157 * 0.0833333 = 0.1885131. The agreement 15/20 has the same spread.
    for family in range(10):
        build_pair(session, "1111", "1111", family_id=f"f{family}")
        build_pair(session, "1111", "1101" if family % 2 else "1111", family_id=f"f{family}")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.families, cell.shift.method) == (20, 10, "t, families")
    assert (cell.shift.low, cell.shift.high) == (pytest.approx(-0.4385131), pytest.approx(-0.0614869))
    assert (cell.agreement.low, cell.agreement.high) == (pytest.approx(0.5614869), pytest.approx(0.9385131))


def test_few_families_get_no_interval_however_many_responses(session):
    for _ in range(30):
        build_pair(session, "1111", "1101", family_id="one")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.families, cell.shift.value) == (30, 1, -1.0)
    assert (cell.shift.low, cell.agreement.method) == (None, "too few families")


def test_rounds_are_averaged_before_judges_are_compared(session):
    # a says 1 1 0 (2/3), b says 1 0 (1/2): a round of each agrees with chance 2/3 * 1/2 + 1/3 * 1/2 = 1/2.
    response = build_response(session, build_item(session))
    for judge, scores in (("judge-a", (1, 1, 0)), ("judge-b", (1, 0))):
        for judge_round, score in enumerate(scores, start=1):
            build_word(session, response, score, judge=judge, judge_round=judge_round)
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.agreement.value) == (1, pytest.approx(1 / 2))
    assert (cell.mean_first, cell.shift.value) == (pytest.approx(2 / 3), pytest.approx(1 / 2 - 2 / 3))
    # b is undecided: neither a flip up nor down.
    assert (cell.flips_up, cell.flips_down) == (0, 0)
    assert flips(session, first="judge-a", second="judge-b", dimension=None, country=None).count == 0


def test_unscored_is_never_zero(session):
    build_pair(session, "1111", "11-1")
    build_pair(session, "11-1", "1101")
    build_pair(session, "11-1", "11-1")
    build_pair(session, "1111", "1111")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.unscored) == (1, 3)
    assert (cell.mean_first, cell.mean_second, cell.agreement.value, cell.shift.value) == (1.0, 1.0, 1.0, 0.0)
    assert (cell.flips_up, cell.flips_down) == (0, 0)


def test_an_unscored_round_beside_a_scored_one_leaves_the_score(session):
    response = build_response(session, build_item(session))
    build_word(session, response, 1)
    build_word(session, response, None, judge_round=2)
    build_word(session, response, 1, judge="judge-b")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.mean_first, cell.unscored) == (1, 1.0, 0)


def test_a_judge_without_any_score_gives_counts_and_no_number(session):
    for _ in range(12):
        build_pair(session, "1111", "----")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.families, cell.unscored) == (0, 0, 12)
    assert (cell.mean_first, cell.mean_second, cell.agreement.value, cell.shift.method) == (None, None, None, "none")


def test_responses_of_one_judge_only_are_in_no_cell(session):
    build_judgements(session, build_response(session, build_item(session)), judge="judge-a")
    build_judgements(session, build_response(session, build_item(session)), judge="judge-b")
    bridge = bridge_of(session)
    assert [(cell.country, cell.dimension) for cell in bridge.cells] == [(None, name) for name in DIMENSIONS]
    assert {(cell.n, cell.unscored, cell.agreement.value) for cell in bridge.cells} == {(0, 0, None)}


def test_judgements_of_an_older_prompt_never_count(session):
    response = build_pair(session, "1111", "1111")
    build_word(session, response, 0, prompt_version="one-call-0")
    judged_by_old_only = build_response(session, build_item(session))
    build_word(session, judged_by_old_only, 0, prompt_version="one-call-0")
    build_word(session, judged_by_old_only, 1, judge="judge-b")
    cell = cell_of(bridge_of(session))
    assert (cell.n, cell.unscored, cell.mean_first, cell.agreement.value) == (1, 0, 1.0, 1.0)


def test_the_judges_may_have_different_prompts(session):
    build_pair(session, "1111", "1111")
    other = session.exec(select(Judge).where(Judge.name == "judge-b")).one()
    other.prompt_version = "four-calls-1"
    assert cell_of(bridge_of(session)).n == 0
    for judgement in session.exec(select(Judgement).where(Judgement.judge == "judge-b")):
        judgement.prompt_version = "four-calls-1"
    session.flush()
    assert cell_of(bridge_of(session)).n == 1


def test_anchor_rounds_do_not_count_in_the_bridge(session):
    response = build_pair(session, "1111", "1111")
    build_word(session, response, 0, judge_round=MONTH_1)
    build_word(session, response, 1, judge_round=LAST_SCORING_ROUND)
    assert cell_of(bridge_of(session)).mean_first == 1.0


def test_a_third_judge_changes_nothing(session):
    response = build_pair(session, "1111", "1101")
    before = bridge_of(session)
    build_judgements(session, response, "0000", judge="judge-c")
    assert bridge_of(session) == before


def test_each_country_has_its_cells_and_unknown_ones_count_in_all(session):
    build_pair(session, "1111", "1101", country="Peru")
    build_pair(session, "1111", "1111", country="Japan")
    build_pair(session, "1111", "1111", country=None)
    bridge = bridge_of(session)
    assert list(dict.fromkeys(cell.country for cell in bridge.cells)) == [None, "Japan", "Peru"]
    assert cell_of(bridge).n == 3
    assert cell_of(bridge, country="Peru").agreement.value == 0.0
    assert cell_of(bridge, country="Japan").agreement.value == 1.0


def test_a_family_over_two_countries_is_one_family_of_all(session):
    build_pair(session, "1111", "1111", country="Peru", family_id="same")
    build_pair(session, "1111", "1111", country="Japan", family_id="same")
    assert (cell_of(bridge_of(session)).families, cell_of(bridge_of(session)).n) == (1, 2)


def test_models_and_settings_can_be_named(session):
    for model, setting in (("x", "english"), ("x", "text-only"), ("y", "english")):
        response = build_response(session, build_item(session), model=model, setting=setting)
        build_judgements(session, response, "1111", judge="judge-a")
        build_judgements(session, response, "1101", judge="judge-b")
    found = flips(session, first="judge-a", second="judge-b", dimension=None, country=None, models=["x"])
    assert cell_of(bridge_of(session, models=["x"])).n == 2
    assert cell_of(bridge_of(session, models=["x"], settings=["english"])).n == 1
    assert cell_of(bridge_of(session, models=["x", "y"], settings=["english"])).n == 2
    assert (found.count, {row.model for row in found.rows}) == (2, {"x"})


def test_turned_round_the_shift_changes_its_sign_only(session):
    for first, second in (("1111", "1101"), ("1111", "1111"), ("0000", "0010")) * 5:
        build_pair(session, first, second)
    there, back = bridge_of(session), judge_bridge(session, first="judge-b", second="judge-a")
    for one, other in zip(there.cells, back.cells, strict=True):
        assert one.agreement == other.agreement
        assert one.shift.value == pytest.approx(-other.shift.value)
        assert (one.flips_up, one.flips_down) == (other.flips_down, other.flips_up)


def test_a_judge_is_not_compared_with_itself(session):
    with pytest.raises(UserError, match="two different judges"):
        judge_bridge(session, first="judge-a", second="judge-a")


def test_an_unknown_judge_is_said_by_name(session):
    with pytest.raises(NotFoundError, match="judge-a"):
        bridge_of(session)


def test_flips_come_in_a_stable_order_and_in_pages(session):
    for number, country in ((3, "Peru"), (1, "Japan"), (2, "Peru")):
        item = build_item(session, id=f"own/{number}", country=country)
        for model in ("y", "x"):
            response = build_response(session, item, model=model)
            build_judgements(session, response, "1111", judge="judge-a")
            build_judgements(session, response, "1001", judge="judge-b")

    def page(**given):
        return flips(session, first="judge-a", second="judge-b", **({"dimension": None, "country": None} | given))

    everything = page()
    assert everything.count == 12
    assert [(row.item_id, row.model, row.dimension) for row in everything.rows] == [
        (f"own/{number}", model, dimension)
        for number in (1, 2, 3)
        for model in ("x", "y")
        for dimension in ("compliance", "education")
    ]
    assert {(row.first_score, row.second_score) for row in everything.rows} == {(1.0, 0.0)}
    assert (page(limit=5, offset=4).count, page(limit=5, offset=4).rows) == (12, everything.rows[4:9])
    assert (page(dimension="education").count, page(country="Peru").count) == (6, 8)
    assert page(dimension="education", country="Japan").count == 2


def test_a_flip_is_a_majority_over_the_rounds(session):
    response = build_response(session, build_item(session))
    for judge, scores in (("judge-a", (1, 1, 0)), ("judge-b", (0, 1, 0))):
        for judge_round, score in enumerate(scores, start=1):
            build_word(session, response, score, judge=judge, judge_round=judge_round)
    [row] = flips(session, first="judge-a", second="judge-b", dimension="compliance", country=None).rows
    assert (row.response_id, row.item_id, row.country) == (response.id, response.item_id, "Morocco")
    assert (row.first_score, row.second_score) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def build_random_words(session, *, seed, items):
    """Add up to 3 rounds of two judges, 30 % of the words missing, 15 % unscored; return them by response."""
    chance = random.Random(seed)
    words = defaultdict(lambda: defaultdict(list))
    for judge in ("judge-a", "judge-b"):
        settled_judge(session, name=judge, model="judge-model", prompt_version=VERSION)
    rows = []
    for _ in range(items):
        item = build_item(
            session, family_id=f"f{chance.randrange(items // 2)}", country=chance.choice(["Peru", "Iran"])
        )
        response = build_response(session, item)
        for judge in ("judge-a", "judge-b"):
            for dimension in DIMENSIONS:
                for judge_round in range(1, 4):
                    if chance.random() < 0.3:
                        continue
                    score = None if chance.random() < 0.15 else chance.randrange(2)
                    words[item.country, response.id, dimension][judge].append(score)
                    rows.append(
                        Judgement(
                            response_id=response.id,
                            dimension=dimension,
                            judge=judge,
                            judge_model="judge-model",
                            judge_round=judge_round,
                            prompt_version=VERSION,
                            score=score,
                        )
                    )
    session.add_all(rows)
    session.flush()
    return words


def reckoned_again(words, dimension, country):
    """Return n, agreement, shift, flips up and down and unscored, from the words one by one."""
    agreed, shifts, unscored = [], [], 0
    for (where, _, asked), said in words.items():
        if asked != dimension or country not in (None, where) or len(said) < 2:
            continue
        first, second = ([score for score in said[judge] if score is not None] for judge in ("judge-a", "judge-b"))
        if not first or not second:
            unscored += 1
            continue
        agreed.append(mean(one == other for one in first for other in second))
        shifts.append((mean(second) - mean(first), (mean(first) - 0.5) * (mean(second) - 0.5) < 0))
    up, down = sum(shift > 0 for shift, flip in shifts if flip), sum(shift < 0 for shift, flip in shifts if flip)
    return len(agreed), mean(agreed), mean(shift for shift, _ in shifts), up, down, unscored


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_many_rounds_and_gaps_the_bridge_equals_a_reckoning_word_by_word(session, seed):
    words = build_random_words(session, seed=seed, items=60)
    bridge = bridge_of(session)
    assert len(bridge.cells) == 12
    for cell in bridge.cells:
        n, agreement, shift, up, down, unscored = reckoned_again(words, cell.dimension, cell.country)
        assert (cell.n, cell.flips_up, cell.flips_down, cell.unscored) == (n, up, down, unscored)
        assert (cell.agreement.value, cell.shift.value) == (pytest.approx(agreement), pytest.approx(shift))
        listed = flips(session, first="judge-a", second="judge-b", dimension=cell.dimension, country=cell.country)
        assert listed.count == up + down


def test_drift_compares_an_anchor_round_with_the_scores_for_scoring(session):
    # For scoring: 1 0, 1, 0. A month later: 1, 1, 1. Agreement (1/2 + 1 + 0) / 3 = 0.5, shift (1/2 + 0 + 1) / 3 = 0.5.
    for scores in ((1, 0), (1,), (0,)):
        response = build_response(session, build_item(session))
        for judge_round, score in enumerate(scores, start=1):
            build_word(session, response, score, judge_round=judge_round)
        build_word(session, response, 1, judge_round=MONTH_1)
    [point] = drift(session, judge="judge-a")
    assert (point.judge_round, point.dimension, point.n, point.families, point.unscored) == (
        MONTH_1,
        "compliance",
        3,
        3,
        0,
    )
    assert (point.agreement.value, point.shift.value) == (pytest.approx(0.5), pytest.approx(0.5))


def test_drift_without_scores_for_scoring_starts_at_the_earliest_anchor_round(session):
    response = build_response(session, build_item(session))
    for judge_round, score in ((MONTH_1, 1), (MONTH_2, 0), (MONTH_2 + 1, 1)):
        build_word(session, response, score, judge_round=judge_round)
    points = drift(session, judge="judge-a")
    assert [(point.judge_round, point.shift.value) for point in points] == [(MONTH_2, -1.0), (MONTH_2 + 1, 0.0)]


def test_drift_never_takes_an_unscored_word_for_a_zero(session):
    first, second = (build_response(session, build_item(session)) for _ in range(2))
    for response, scores in ((first, (1, None, 1)), (second, (None, 1, 1))):
        for judge_round, score in zip((1, MONTH_1, MONTH_2), scores, strict=True):
            build_word(session, response, score, judge_round=judge_round)
    # The second response's first score is that of the first month, which therefore shows nothing of it.
    points = drift(session, judge="judge-a")
    assert [(point.judge_round, point.n, point.unscored) for point in points] == [(MONTH_1, 0, 1), (MONTH_2, 2, 0)]
    assert [point.shift.value for point in points] == [None, 0.0]


def test_drift_knows_one_prompt_version_and_one_judge(session):
    response = build_response(session, build_item(session))
    build_word(session, response, 0, prompt_version="one-call-0")
    build_word(session, response, 0, judge_round=MONTH_1, prompt_version="one-call-0")
    build_word(session, response, 0, judge="judge-b")
    build_word(session, response, 1)
    build_word(session, response, 1, judge_round=MONTH_1)
    [point] = drift(session, judge="judge-a")
    assert (point.n, point.shift.value) == (1, 0.0)


def test_drift_says_when_a_round_began_and_keeps_the_order(session):
    days = {MONTH_2: (9, 8), MONTH_1: (3, 5)}
    for place in range(2):
        response = build_response(session, build_item(session))
        build_judgements(session, response, "1111")
        for judge_round, day in days.items():
            when = datetime(2026, 3, day[place], tzinfo=UTC)
            for dimension in reversed(DIMENSIONS):
                build_word(session, response, 1, dimension=dimension, judge_round=judge_round, created_at=when)
    points = drift(session, judge="judge-a")
    assert [(point.judge_round, point.dimension) for point in points] == [
        (judge_round, dimension) for judge_round in (MONTH_1, MONTH_2) for dimension in DIMENSIONS
    ]
    assert points[0].when == datetime(2026, 3, 3, tzinfo=UTC)
    assert points[-1].when == datetime(2026, 3, 8, tzinfo=UTC)


def test_a_judge_without_anchor_rounds_has_no_drift(session):
    build_pair(session, "1111", "1111")
    assert drift(session, judge="judge-a") == []

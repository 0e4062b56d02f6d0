"""Cells of scores: every figure is what plain Python makes of the exported rows; nothing is mixed, missing is not 0."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import typer
from sqlalchemy import delete, update
from sqlmodel import col, select
from typer.testing import CliRunner

from core.benchmark.items import UNKNOWN
from core.cli.scores import scores_command
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.judges import settled_judge
from core.labels.standing import label_records
from core.measures.frame_cache import forget_scores
from core.measures.intervals import clustered_means
from core.measures.score_filter import KEYS, ScoreFilter, entries_left_out, score_address
from core.measures.scores import cells, known_choices, score_filter_here, what_counts
from core.measures.statistics import clustered_mean
from core.models import Erratum, Item, Judge, Judgement, LockedResponse, Response, utc_now
from tests.builders import build_background, build_item, build_judgements, build_person, build_response
from tests.score_builders import (
    build_label,
    build_random,
    build_scored,
    build_word,
    item_of,
    judged_rows,
    lead,
    recomputed,
)

A = ScoreFilter(judge="judge-a")
EXPERTS = ScoreFilter(experts=True)


def figures(found, by):
    return {
        tuple(cell.keys[key] for key in by): (
            *(cell.n, cell.n_unscored, cell.families, cell.mean, cell.low, cell.high, cell.method),
        )
        for cell in found
    }


def assert_same(found, by, told):
    shown = figures(found, by)
    assert shown.keys() == told.keys()
    assert len(shown) == len(found)
    for key, (*counts, mean, low, high, method) in told.items():
        assert shown[key][:3] == tuple(counts), key
        assert shown[key][3:6] == pytest.approx((mean, low, high), abs=1e-9), key
        assert shown[key][6] == method, key


def only(found):
    [cell] = found
    return cell


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_plain_python_makes_of_the_exported_rows(session, seed):
    build_random(session, seed)
    person = lead(session)
    with_picture = ("english", "translation")
    for judge in ("judge-a", "judge-b"):
        rows = judged_rows(session, judge)
        for by in (
            ("country", "dimension"),
            ("country", "model", "dimension"),
            ("model", "dimension", "setting"),
            ("domain", "language", "region"),
            ("subset", "split", "round"),
            (),
            ("norm",),
        ):
            wanted = ScoreFilter(judge=judge)
            found = cells(session, person=person, wanted=wanted, by=by)
            assert_same(found, by, recomputed(rows, by, lambda keys: keys["setting"] in with_picture))
        narrow = ScoreFilter(
            judge=judge,
            models=("m-2",),
            settings=("text-only",),
            splits=("held_out",),
            domains=("shopping", UNKNOWN),
            countries=("Iran", "Peru"),
            rounds=(2,),
            dimensions=("education", "compliance"),
        )
        told = recomputed(
            rows,
            ("country", "dimension"),
            lambda keys: (
                keys["model"] == "m-2"
                and keys["setting"] == "text-only"
                and keys["split"] == "held_out"
                and keys["domain"] in ("shopping", None)
                and keys["country"] in ("Iran", "Peru")
                and keys["round"] == 2
                and keys["dimension"] in ("education", "compliance")
            ),
        )
        by = ("country", "dimension")
        assert_same(cells(session, person=person, wanted=narrow, by=by), by, told)


def test_figures_of_experts_are_the_weighted_mean_of_blind_labels_of_people_from_the_country(session):
    rng = random.Random(4)
    person = lead(session)
    from_there = [build_person(session) for _ in range(3)]
    outsider, gone = build_person(session), build_person(session)
    build_background(session, gone, withdrawn_at=utc_now())
    likely = {}
    for number in range(50):
        item = build_item(session, country=rng.choice(["Iran", "Peru"]), family_id=f"f-{number % 41:02}")
        response = build_response(session, item)
        likely[response.id] = rng.choice([0.1, 0.5, None])
        drawn = {"inclusion_probability": likely[response.id]}
        for expert in rng.sample(from_there, rng.randrange(1, 4)):
            score = None if rng.random() < 0.3 else rng.randrange(2)
            build_label(session, expert, response, score, **drawn)
            if rng.random() < 0.2:
                build_label(session, expert, response, 1, phase="revised", **drawn)
            elif rng.random() < 0.2:
                build_label(session, expert, response, 0, retracted=True, **drawn)
        build_label(session, outsider, response, 0, pool="outside")
        build_label(session, gone, response, 0)
        build_label(session, person, response, 0, phase="unblinded")
    rows = _labelled_rows(session, {one.pseudonym for one in from_there}, likely)
    for by in (("country", "dimension"), ()):
        assert_same(cells(session, person=person, wanted=EXPERTS, by=by), by, recomputed(rows, by, lambda _: True))


def _labelled_rows(session, experts, likely):
    """Return the rows of experts; a blind label that a later one superseded still counts where that is a revision."""
    held = {}
    revised = set()
    for record in label_records(session):
        key = record["response_id"], record["expert"]
        if record["phase"] == "revised":
            revised.add(key)
        elif record["expert"] in experts and record["phase"] == "blind":
            held[key] = record
    rows = {}
    for key, record in held.items():
        if record["superseded"] and key not in revised:
            continue
        response = session.get_one(Response, key[0])
        keys = {"country": item_of(session, response).country, "dimension": record["dimension"]}
        row = (keys, item_of(session, response).family_id, [], 1 / (likely[key[0]] or 1))
        rows.setdefault(key[0], row)[2].append(record["score"])
    return list(rows.values())


@pytest.mark.parametrize("seed", range(4))
def test_many_intervals_at_once_are_those_of_one_after_another(seed):
    rng = random.Random(seed)
    cell_of, totals, weights, told = [], [], [], []
    for cell, families in enumerate([3, 10, 39, 40, 41, 120, 40, 12]):
        held = [float(rng.randrange(1, 5)) for _ in range(families)]
        share = cell != 7
        sums = [count * (rng.random() if share else 1.0) for count in held]
        told.append(clustered_mean(sums, held, bounds=(0.0, 1.0)))
        cell_of += [cell] * families
        totals, weights = totals + sums, weights + held
    found = clustered_means(np.array(totals), np.array(weights), np.array(cell_of), 8, bounds=(0.0, 1.0))
    for place, one in enumerate(told):
        assert found.methods[place] == one.method
        assert found.values[place] == pytest.approx(one.value, abs=1e-9)
        if one.low is not None:
            assert (found.lows[place], found.highs[place]) == pytest.approx((one.low, one.high), abs=1e-9)
    assert told[7].method == "Wilson, families"


def test_no_judgements_give_no_cells(session):
    settled_judge(session, name="judge-a", model="m", prompt_version="one-call-1")
    build_response(session, build_item(session))
    assert cells(session, person=lead(session), wanted=A, by=("country", "dimension")) == []


def test_no_labels_give_no_cells_of_experts(session):
    build_judgements(session, build_response(session, build_item(session)))
    assert cells(session, person=lead(session), wanted=EXPERTS, by=("country",)) == []


def test_all_keys_at_once_tell_every_response_on_every_dimension_apart(session):
    build_random(session, 7)
    found = cells(session, person=lead(session), wanted=A, by=KEYS)
    rows = [row for row in judged_rows(session, "judge-a") if row[0]["setting"] != "text-only"]
    assert len(found) == len(rows)
    assert {cell.n + cell.n_unscored for cell in found} == {1}


def test_an_empty_workspace_gives_no_cells(session):
    assert cells(session, person=lead(session), wanted=EXPERTS, by=("country", "model", "norm")) == []


def test_what_is_only_unscored_is_counted_and_has_no_mean(session):
    build_judgements(session, build_response(session, build_item(session)), "----")
    cell = only(cells(session, person=lead(session), wanted=A))
    assert (cell.n, cell.n_unscored, cell.mean, cell.method) == (0, 4, None, "none")


def test_one_country_of_twelve_families_all_equal_gets_an_interval_that_is_no_point(session):
    build_scored(session, "1" * 12, families=12)
    cell = only(cells(session, person=lead(session), wanted=A, by=("country",)))
    assert (cell.keys, cell.mean, cell.high, cell.method) == ({"country": "Morocco"}, 1.0, 1.0, "Wilson, families")
    assert cell.low is not None
    assert cell.low < 0.8


def test_a_single_expert_is_a_mean_with_its_n_and_without_interval(session):
    expert = build_person(session)
    for score in (1, 0, None):
        build_label(session, expert, build_response(session, build_item(session)), score)
    cell = only(cells(session, person=lead(session), wanted=EXPERTS, by=("dimension",)))
    assert (cell.n, cell.n_unscored, cell.mean, cell.low, cell.is_small) == (2, 1, 0.5, None, True)


def test_a_label_drawn_at_one_in_ten_weighs_ten(session):
    expert = build_person(session)
    build_label(session, expert, build_response(session, build_item(session)), 1, inclusion_probability=0.1)
    build_label(session, expert, build_response(session, build_item(session)), 0)
    assert only(cells(session, person=lead(session), wanted=EXPERTS)).mean == pytest.approx(10 / 11)


def test_what_experts_cannot_say_moves_a_mean_by_what_it_weighs(session):
    expert = build_person(session)
    for score, drawn in ((1, 0.5), (0, 0.5), (None, 0.25)):
        build_label(session, expert, build_response(session, build_item(session)), score, inclusion_probability=drawn)
    # Weights 2, 2 and 4 without a score: 2 of 8 at least, 6 of 8 at most.
    cell = only(cells(session, person=lead(session), wanted=EXPERTS))
    assert (cell.mean, cell.bounds) == (pytest.approx(0.5), pytest.approx((0.25, 0.75)))


def test_with_every_score_there_a_mean_has_nothing_to_move_it(session):
    build_scored(session, "1100", families=4)
    assert only(cells(session, person=lead(session), wanted=A)).bounds == (0.5, 0.5)


def test_a_judges_unread_replies_weigh_alike(session):
    build_scored(session, "11--", families=4)
    assert only(cells(session, person=lead(session), wanted=A, by=("country",))).bounds == (0.5, 1.0)


def test_a_label_that_is_not_locked_does_not_count(session):
    expert = build_person(session)
    build_label(session, expert, build_response(session, build_item(session)), 1)
    session.execute(delete(LockedResponse))
    assert cells(session, person=lead(session), wanted=EXPERTS) == []


def test_few_families_make_a_small_cell_however_many_responses(session):
    build_scored(session, "10" * 20, families=9)
    cell = only(cells(session, person=lead(session), wanted=A, by=("country",)))
    assert (cell.n, cell.families, cell.low, cell.is_small) == (160, 9, None, True)


def test_a_retired_judge_still_has_its_numbers(session):
    build_scored(session, "1100", families=4)
    session.execute(update(Judge).values(base_url=None, origin="run"))
    assert only(cells(session, person=lead(session), wanted=A)).mean == 0.5


def test_items_with_a_correction_open_or_accepted_are_left_out_where_wanted(session):
    person = lead(session)
    build_scored(session, "1100", families=4)
    ids = session.exec(select(Item.id).order_by(Item.family_id)).all()
    for place, status in enumerate(("open", "accepted", "rejected")):
        row = {"kind": "norm_wrong", "form_id": f"e-{place}", "person_id": person.id, "status": status}
        session.add(Erratum(item_id=ids[place], **row))
    session.flush()
    without = replace(A, errata="without")
    assert only(cells(session, person=person, wanted=A, by=("dimension",))[:1]).n == 4
    cell = only(cells(session, person=person, wanted=without, by=("dimension",))[:1])
    assert (cell.n, cell.mean) == (2, 0.0)
    assert (
        what_counts(session, person=person, wanted=A).with_errata,
        what_counts(session, person=person, wanted=A).items,
    ) == (
        2,
        4,
    )


def test_numbers_say_what_they_mix(session):
    build_scored(session, "11", families=2, split="held_out")
    build_scored(session, "1", families=1, split="training_pool", country=None)
    told = what_counts(session, person=lead(session), wanted=A)
    assert (told.items, told.responses, told.splits) == (3, 3, ("held_out", "training_pool"))
    assert (told.settings, told.models, told.rounds) == (("english",), ("m-1",), (1,))


def test_experts_are_refused(session):
    build_scored(session, "1", families=1)
    expert = build_person(session, role="expert")
    with pytest.raises(UserError, match="Only the leads"):
        cells(session, person=expert, wanted=A)
    with pytest.raises(UserError, match="Only the leads"):
        known_choices(session, person=expert)


@pytest.mark.parametrize("wanted", [ScoreFilter(), ScoreFilter(judge="judge-a", experts=True)])
def test_two_raters_or_none_are_refused(session, wanted):
    with pytest.raises(UserError, match="never mixed"):
        cells(session, person=lead(session), wanted=wanted)


def test_an_unknown_judge_and_an_unknown_key_are_named(session):
    person = lead(session)
    with pytest.raises(NotFoundError, match="nobody"):
        cells(session, person=person, wanted=ScoreFilter(judge="nobody"))
    with pytest.raises(UserError, match="'mood'"):
        cells(session, person=person, wanted=A, by=("mood",))


def test_a_filter_survives_its_address_and_unknown_entries_do_not(session):
    build_random(session, 5)
    person = lead(session)
    wanted = ScoreFilter(judge="judge-b", models=("m-1",), countries=("Iran", UNKNOWN), rounds=(2,), errata="without")
    assert score_filter_here(session, person=person, given=score_address(wanted)) == wanted
    assert score_filter_here(session, person=person, given={"judge": ["x"], "country": ["<b>"]}) == ScoreFilter()


def test_what_an_address_asks_for_in_vain_is_told_by_name(session):
    wanted = ScoreFilter(judge="judge-b", countries=("Iran",))
    given = {"judge": ["gone"], "country": ["Iran", "Atlantis"], "split": ["bogus"], "errata": ["all"], "part": ["x"]}
    assert entries_left_out(given, wanted) == (
        {"country": ["Atlantis"], "split": ["bogus"], "judge": ["gone"], "errata": ["all"]}
    )
    assert entries_left_out({"experts": ["yes"], "judge": ["judge-b"]}, wanted) == {"experts": ["yes"]}
    assert entries_left_out({"setting": ["english", "translation"], "errata": ["with"]}, wanted) == {}


# -- what is kept of the database ----------------------------------------------------------------------------------


def mean_now():
    with reading() as session:
        [cell] = cells(session, person=session.get_one(type(PERSON["lead"]), PERSON["lead"].id), wanted=A)
        return cell.n, cell.mean


PERSON: dict = {}


@pytest.fixture
def _scored(workspace):
    forget_scores()
    with transaction() as session:
        PERSON["lead"] = lead(session)
        build_scored(session, "1100", families=4)


@pytest.mark.usefixtures("_scored")
def test_a_score_made_anew_counts_at_once_even_under_the_same_id():
    assert mean_now() == (16, 0.5)
    with transaction() as session:
        last = session.exec(select(Judgement).order_by(col(Judgement.id).desc())).first()
        response, dimension, held = session.get_one(Response, last.response_id), last.dimension, last.id
        session.delete(last)
        session.flush()
        assert build_word(session, response, dimension, 1).id == held
    assert mean_now() == (16, 9 / 16)


@pytest.mark.usefixtures("_scored")
def test_scores_that_come_on_top_and_scores_taken_away_count_at_once():
    mean_now()
    with transaction() as session:
        build_scored(session, "1111", families=4)
    assert mean_now() == (32, 0.75)
    with transaction() as session:
        session.execute(delete(Judgement).where(Judgement.score == 0))
    assert mean_now() == (24, 1.0)


@pytest.mark.usefixtures("_scored")
def test_a_changed_score_a_newly_standing_version_and_a_moved_item_count_at_once():
    mean_now()
    with transaction() as session:
        session.execute(update(Judgement).where(Judgement.dimension == "awareness").values(score=1))
    assert mean_now() == (16, 0.625)
    with transaction() as session:
        session.execute(update(Judgement).where(Judgement.dimension == "awareness").values(prompt_version="v-2"))
        session.execute(update(Judge).values(prompt_version="v-2"))
    assert mean_now() == (4, 1.0)
    with transaction() as session:
        session.execute(update(Item).values(split="quarantined"))
    with reading() as session:
        assert what_counts(session, person=PERSON["lead"], wanted=A).splits == ("quarantined",)


@pytest.mark.usefixtures("_scored")
def test_what_was_never_committed_does_not_stay():
    class Undone(Exception):
        pass

    def change_and_fail():
        with transaction() as session:
            session.execute(update(Judgement).values(score=1))
            assert only(cells(session, person=PERSON["lead"], wanted=A)).mean == 1.0
            raise Undone

    with pytest.raises(Undone):
        change_and_fail()
    assert mean_now() == (16, 0.5)


@pytest.mark.usefixtures("_scored")
def test_a_reader_with_an_older_view_does_not_spoil_newer_numbers():
    with reading() as older:
        assert only(cells(older, person=PERSON["lead"], wanted=A)).mean == 0.5
        with transaction() as session:
            session.execute(update(Judgement).values(score=1))
        assert mean_now() == (16, 1.0)
        assert only(cells(older, person=PERSON["lead"], wanted=A)).mean == 0.5
        assert mean_now() == (16, 1.0)


@pytest.mark.usefixtures("_scored")
def test_many_readers_beside_a_writer_see_whole_states_only():
    # Each write adds one response of score 1: n and mean belong to one and the same moment.
    states = {(16 + 4 * more, (8 + 4 * more) / (16 + 4 * more)) for more in range(11)}
    with ThreadPoolExecutor(4) as pool:
        seen = [pool.submit(lambda: [mean_now() for _ in range(15)]) for _ in range(3)]
        for _ in range(10):
            with transaction() as session:
                build_scored(session, "1", families=1)
        assert {state for future in seen for state in future.result()} <= states
    assert mean_now() == (56, 48 / 56)


@pytest.mark.usefixtures("_scored")
def test_a_new_label_counts_at_once():
    for count in (1, 2):
        with transaction() as session:
            build_label(session, build_person(session), session.get_one(Response, count), 1)
        with reading() as session:
            assert only(cells(session, person=PERSON["lead"], wanted=EXPERTS)).n == count


# -- the command ---------------------------------------------------------------------------------------------------


def run(*arguments):
    command = typer.Typer()
    command.command()(scores_command)
    answer = CliRunner().invoke(command, [*arguments, "--json"])
    return answer.exit_code, json.loads(answer.stdout.strip().splitlines()[-1])


@pytest.mark.usefixtures("_scored")
def test_the_command_tells_each_judge_and_model_apart_in_the_contracts_fields():
    with transaction() as session:
        build_judgements(session, session.get_one(Response, 1), "1111", judge="judge-b")
    code, told = run("--by", "country,dimension")
    assert (code, told["ok"], len(told["cells"])) == (0, True, 8)
    assert list(told["cells"][0]) == (
        ["country", "dimension", "model", "rater", "n", "n_unscored", "families", "mean", "low", "high", "method"]
        + ["too_few"]
    )
    assert {(cell["rater"], cell["n"]) for cell in told["cells"]} == {("judge-a", 4), ("judge-b", 1)}


@pytest.mark.usefixtures("_scored")
def test_the_command_tells_experts_and_refuses_what_has_no_meaning():
    assert run("--experts")[1]["cells"] == []
    assert run("--judge", "judge-a", "--by", "model")[1]["cells"][0]["mean"] == 0.5
    assert run("--judge", "nobody")[0] == 1
    assert run("--judge", "judge-a", "--experts")[0] == 1
    assert run("--by", "mood")[0] == 1


@pytest.mark.usefixtures("_scored")
@pytest.mark.parametrize(
    ("option", "wrong", "known"),
    [
        ("--model", "nope", "Known: m-1."),
        ("--country", "Atlantis", "Known: Morocco."),
        ("--round", "9", "Known: 1."),
        ("--judge", "nobody", "Known: judge-a."),
        ("--split", "nonsense", "Known: held-out, training-pool, quarantined."),
        ("--setting", "french", "Known: english, translation, text-only."),
        ("--dimension", "mood", "Known: awareness"),
    ],
)
def test_the_command_refuses_an_entry_it_does_not_know_and_names_those_it_does(option, wrong, known):
    code, told = run(option, wrong)
    assert code == 1
    assert f"{wrong!r}" in told["error"]
    assert known in told["error"]


@pytest.mark.usefixtures("_scored")
def test_the_command_takes_a_split_in_both_spellings():
    with transaction() as session:
        build_scored(session, "11", families=2, country="Peru", split="held_out")
    found = [run("--split", spelt, "--by", "country")[1]["cells"] for spelt in ("held-out", "held_out")]
    assert found[0] == found[1]
    assert [cell["country"] for cell in found[0]] == ["Peru"]


@pytest.mark.usefixtures("_scored")
def test_the_command_shows_no_mean_below_ten_families():
    command = typer.Typer()
    command.command()(scores_command)
    line = CliRunner().invoke(command, ["--by", "country"]).stdout.splitlines()[0]
    assert "too few to say, 16 responses of 4 families" in line
    assert "%" not in line
    [cell] = run("--by", "country")[1]["cells"]
    assert cell["too_few"] is True

"""`cross-review agreement`: the numbers of the page Agreement, for people and as JSON."""

import json

import pytest
import typer
from typer.testing import CliRunner

from core.cli.agreement import agreement_command
from core.db import reading, transaction
from core.labels.rulings import ask_opinion
from core.measures.agreement import agreement_cells
from core.measures.score_filter import ScoreFilter
from core.people import person_here
from tests.agreement_builders import build_agreeing
from tests.builders import build_person
from tests.score_builders import build_label, build_word

FIELDS = {"country", "dimension", "judge", "n", "families", "percent", "kappa", "alpha", "ac1"}

pytestmark = pytest.mark.usefixtures("workspace")


def run(*arguments):
    command = typer.Typer()
    command.command()(agreement_command)
    done = CliRunner().invoke(command, arguments)
    return done.exit_code, done.stdout


def told(*arguments):
    code, text = run(*arguments, "--json")
    assert code == 0, text
    return json.loads(text.splitlines()[-1])


@pytest.fixture
def _agreeing(workspace):
    with transaction() as session:
        responses = build_agreeing(session, "1100" * 6, "1101" * 6, "1001" * 6)
        for response in responses[:12]:
            build_word(session, response, "compliance", 1, judge="judge-b")
        outsider = build_person(session)
        for response in responses:
            build_label(session, outsider, response, 1, pool="outside")


@pytest.mark.usefixtures("_agreeing")
def test_each_judge_has_its_cells_in_the_contracts_fields():
    found = told()["cells"]
    assert [(cell["judge"], cell["n"], cell["families"]) for cell in found] == [
        ("judge-a", 24, 12),
        ("judge-b", 12, 12),
    ]
    assert FIELDS <= found[0].keys()
    assert found[0]["percent"].keys() == {"value", "low", "high", "note", "method"}


@pytest.mark.usefixtures("_agreeing")
def test_figures_are_those_of_the_data_layer():
    [cell] = told("--judge", "judge-a")["cells"]
    with reading() as session:
        [held] = agreement_cells(session, person=person_here(), wanted=ScoreFilter(judge="judge-a"))
    assert cell["kappa"]["value"] == held.with_judge.kappa.value
    assert cell["among_experts"]["percent"]["low"] == held.among_experts.percent.low
    assert (cell["test"]["p"], cell["test"]["q"]) == (held.test.p, held.q)
    assert cell["counts"] == [list(row) for row in held.with_judge.counts]


@pytest.mark.usefixtures("_agreeing")
def test_pools_are_told_where_asked_for():
    pairs = {(cell["first"], cell["second"]): cell["n"] for cell in told("--pools", "--by", "")["pools"]}
    assert pairs == {("from", "from"): 24, ("from", "outside"): 24}
    assert "pools" not in told()
    [cell] = told("--judge", "judge-a", "--pool", "outside")["cells"]
    assert cell["percent"]["value"] == 0.5


@pytest.mark.usefixtures("_agreeing")
def test_people_read_a_line_per_cell():
    _, text = run("--judge", "judge-a", "--by", "country", "--pools")
    first, mixed, second, third = text.splitlines()
    assert first.startswith("Morocco: judge-a 62.5%")
    assert "24 responses of 12 families" in first
    assert mixed == "Mixed here: 24 responses picked by hand, each counted as one."
    assert second.startswith("Morocco, from among themselves: 75.0%")
    assert third.startswith("Morocco, from with outside:")


def test_what_is_mixed_is_of_the_labels_of_the_pools_that_are_told():
    with transaction() as session:
        responses = build_agreeing(session, "11", "11", families=2)
        build_label(session, build_person(session), responses[0], 1, pool="outside")
    assert told()["mixed"]["picked_by_hand"] == 2
    assert told("--pool", "outside")["mixed"]["picked_by_hand"] == 1
    assert told("--pool", "outside", "--pools")["mixed"]["picked_by_hand"] == 2


def test_labels_asked_for_because_experts_differ_are_counted_and_left_out():
    with transaction() as session:
        [response] = build_agreeing(session, "1", "1", "0", families=1)
        ask_opinion(session, person=build_person(session, role="lead"), response_id=response.id)
        build_label(session, build_person(session), response, 1)
    found = told()
    assert (found["asked_for_left_out"], found["cells"][0]["labels"]) == (1, 2)
    assert "Left out: 1 label asked for because experts differed." in run()[1]


def test_nothing_labelled_is_said_and_no_failure():
    assert run() == (0, "No blind label yet that fits.\n")


def test_labels_without_a_judge_tell_of_experts_alone():
    with transaction() as session:
        build_agreeing(session, "----", "1100", "1100", families=4)
    [cell] = told()["cells"]
    assert (cell["judge"], cell["n"], cell["percent"]["value"]) == (None, 0, None)
    assert (cell["among_experts"]["n"], cell["among_experts"]["percent"]["value"]) == (4, 1.0)


def test_undefined_is_null_with_its_reason():
    with transaction() as session:
        build_agreeing(session, "1" * 12, "1" * 12)
    [cell] = told()["cells"]
    assert (cell["kappa"]["value"], cell["kappa"]["note"]) == (None, "scores do not vary")
    assert "kappa undefined (scores do not vary)" in run()[1]


@pytest.mark.usefixtures("_agreeing")
@pytest.mark.parametrize("wrong", [("--judge", "nobody"), ("--by", "mood"), ("--pool", "abroad")])
def test_what_has_no_meaning_is_refused(wrong):
    assert run(*wrong)[0] == 1


@pytest.mark.usefixtures("_agreeing")
@pytest.mark.parametrize("wrong", [("--country", "Atlantis"), ("--model", "nope"), ("--split", "nonsense")])
def test_an_entry_that_is_not_known_here_is_refused_with_those_that_are(wrong):
    code, text = run(*wrong, "--json")
    assert code == 1
    assert "Known: " in json.loads(text.splitlines()[-1])["error"]


@pytest.mark.usefixtures("_agreeing")
def test_a_split_is_taken_in_both_spellings():
    found = [told("--split", spelt)["cells"] for spelt in ("training-pool", "training_pool")]
    assert found[0] == found[1]

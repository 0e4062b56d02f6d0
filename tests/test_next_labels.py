"""Where more labels help most, in order, and how many responses a plan has to draw for them."""

import pytest
from sqlmodel import col, select

from core.errors import NotFoundError, UserError
from core.measures.label_gains import LabelGain, label_gain
from core.measures.next_labels import NextLabels, next_labels, responses_drawn, responses_to_draw
from core.measures.score_filter import ScoreFilter
from core.measures.scored_cells import ScoredCell
from core.models import Label, OwnItem, Response
from tests.builders import build_item, build_person, build_response
from tests.score_builders import item_of, lead
from tests.test_corrected_cells import build_labelled

A = ScoreFilter(judge="judge-a")


def found_by(session, wanted=A, **given):
    return next_labels(session, person=lead(session), wanted=wanted, **given)


def cell(*, responses=100, labelled=40, left=60, more=20, missing=0, parts=None, is_of_all=False):
    ends = (None, None) if missing else (0.1, 0.08)
    keys = {"model": "m", "dimension": "compliance"} | ({} if is_of_all else {"country": "Iran"})
    return NextLabels(
        keys, "judge-a", responses, labelled, left, LabelGain(*ends, more, missing), parts or (responses,)
    )


def test_the_gain_is_that_of_the_cells_own_responses(session):
    build_labelled(session, each=6)
    [found] = found_by(session)
    labels = {row.response_id: row for row in session.exec(select(Label))}
    responses = session.exec(select(Response).order_by(col(Response.id))).all()
    none = float("nan")
    judge = [float((number // 6 + number % 6) % 2) for number in range(72)]
    said = [labels[one.id].score if one.id in labels else none for one in responses]
    drawn = [0.5 if one.id in labels else none for one in responses]
    families = [item_of(session, one).family_id for one in responses]
    assert found.gain == label_gain(ScoredCell(judge, said, drawn, families))
    assert (found.responses, found.labelled, found.left, found.judge) == (72, 36, 36, "judge-a")


def test_the_cell_that_gains_most_comes_first_and_those_without_an_interval_last(session):
    build_labelled(session, country="Iran", each=30)
    build_labelled(session, country="Peru", each=30, labelled=20)
    build_labelled(session, country="Chad", each=30, labelled=1)
    build_labelled(session, country="Mali", each=30, labelled=2)
    found = found_by(session)
    assert [one.keys["country"] for one in found] == ["Iran", "Peru", "Mali", "Chad"]
    assert found[0].gain.narrower > found[1].gain.narrower > 0
    assert [one.gain.missing_labels for one in found[2:]] == [6, 18]


def test_all_countries_together_are_one_cell(session):
    build_labelled(session, country="Iran")
    build_labelled(session, country="Peru")
    [found] = found_by(session, by_country=False)
    assert dict(found.keys) == {"model": "m-1", "dimension": "compliance"}


def test_where_everything_is_labelled_nothing_is_asked_for(session):
    build_labelled(session, each=3)
    assert found_by(session) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda session, response: setattr(response, "status", "failed"),
        lambda session, response: setattr(item_of(session, response), "norm", " "),
        lambda session, response: session.add(OwnItem(item_id=response.item_id, author_id=lead(session).id)),
    ],
)
def test_what_nobody_can_label_is_not_left_and_draws_no_more(session, spoil):
    build_labelled(session, each=6)
    labelled = set(session.exec(select(Label.response_id)))
    for response in session.exec(select(Response).where(col(Response.id).not_in(labelled))).all()[:16]:
        spoil(session, response)
    session.flush()
    [found] = found_by(session)
    assert (found.responses, found.labelled, found.left) == (56, 36, 20)
    assert responses_to_draw(found) == 56


def test_nothing_is_left_where_all_others_failed(session):
    build_labelled(session, each=6)
    for response in session.exec(select(Response).where(col(Response.id).not_in(select(Label.response_id)))):
        response.status = "failed"
    session.flush()
    assert found_by(session) == []


def test_what_is_labelled_stays_even_if_it_could_not_be_labelled_today(session):
    build_labelled(session, each=6)
    item_of(session, session.exec(select(Response)).first()).norm = None
    session.flush()
    [found] = found_by(session)
    assert (found.responses, found.labelled, found.left) == (72, 36, 36)


def test_answers_to_text_alone_are_never_left(session):
    build_labelled(session)
    build_response(session, build_item(session, country="Iran"), model="m-1", setting="text-only")
    assert found_by(session, ScoreFilter(judge="judge-a", settings=("english", "text-only")))[0].responses == 48


def test_where_fewer_responses_are_left_than_labels_missing_nothing_is_asked_for(session):
    build_labelled(session, families=10, each=2, labelled=1)
    assert found_by(session) == []


def test_without_a_judge_it_is_refused(session):
    with pytest.raises(NotFoundError):
        found_by(session)


def test_without_labels_all_are_missing(session):
    build_labelled(session, labelled=0)
    [found] = found_by(session)
    assert (found.gain.missing_labels, found.labelled, found.gain.now) == (30, 0, None)


def test_as_many_are_drawn_that_twenty_of_them_have_no_label():
    # 60 of 100 are left: of 34 drawn, 20.4 can be expected to be among them.
    assert responses_to_draw(cell()) == 34
    assert responses_to_draw(cell(labelled=0, left=100, missing=30)) == 30
    assert responses_to_draw(cell(labelled=95, left=5, more=5)) == 100


def test_what_a_plan_draws_is_each_parts_share_rounded_up():
    # 34 of 100: of 33 that the judge said no to 11.22, of the 67 others 22.78.
    assert responses_drawn(cell(parts=(33, 67))) == 12 + 23
    # Of ten countries 3.4 each.
    assert responses_drawn(cell(parts=(10,) * 10, is_of_all=True)) == 40
    assert responses_drawn(cell(parts=(100,), is_of_all=True)) == 34


def test_the_parts_of_a_country_are_what_the_judge_said_no_to_and_the_others(session):
    build_labelled(session, each=6)
    build_labelled(session, country="Peru", each=6)
    assert [one.parts for one in found_by(session)] == [(36, 36), (36, 36)]
    assert found_by(session, by_country=False)[0].parts == (72, 72)


def test_what_has_no_country_is_not_asked_for(session):
    build_labelled(session, country=None, labelled=0)
    assert found_by(session) == []


def test_an_expert_gets_none_of_it(session):
    build_labelled(session)
    with pytest.raises(UserError, match="lead"):
        next_labels(session, person=build_person(session), wanted=A)

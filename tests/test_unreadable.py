"""Replies of judges that gave no score: the list, what is closed, and a person's own score in their place."""

import threading
from uuid import uuid4

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.judges import judge_named, settled_judge
from core.judging.unreadable import next_unreadable, opened_reply, unreadable, unreadable_counts
from core.labels.by_hand import label_by_hand
from core.labels.standing import standing_labels
from core.models import (
    Job,
    JudgeCall,
    Judgement,
    JudgeRun,
    Label,
    LockedResponse,
    Response,
    ResponseFlag,
    ScoresSeen,
)
from core.people import current_person, reveal_scores
from core.responses.views import responses_of
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.test_browse_page import open_page as open_browse
from tests.test_browse_page import parts, words

SECRET = "secret-reply"


def build_unread(
    session: Session,
    response: Response,
    dimension: str = "compliance",
    *,
    status: str = "unreadable",
    replies: tuple[str | None, ...] = (f"{SECRET}: 1 out of 5", f"**Score: 10** {SECRET}"),
    judge: str = "judge-a",
    judge_round: int = 1,
    asked: str | None = None,
) -> Judgement:
    """Add a judgement without a score, with the run and the calls it came of."""
    rater = settled_judge(session, name=judge, model="judge-model", prompt_version="one-call-1")
    job = Job(kind="judge", title="a run")
    session.add(job)
    session.flush()
    run = JudgeRun(
        id=str(uuid4()),
        job_id=job.id,
        base_url="http://127.0.0.1:9/v1",
        judge_id=rater.id,
        prompt_version="one-call-1",
        selection={},
        secret="s",
    )
    session.add(run)
    session.flush()
    asked_of = {"response_id": response.id, "asked": asked or dimension, "judge_round": judge_round}
    calls = [
        JudgeCall(run_id=run.id, attempt=attempt, status=status, raw_reply=reply, **asked_of)
        for attempt, reply in enumerate(replies, start=1)
    ]
    session.add_all(calls)
    session.flush()
    judgement = Judgement(
        response_id=response.id,
        dimension=dimension,
        judge=judge,
        judge_model="judge-model",
        judge_round=judge_round,
        prompt_version="one-call-1",
        status=status,
        call_id=calls[-1].id,
    )
    session.add(judgement)
    session.flush()
    return judgement


def build_open(session: Session, lead) -> Response:
    """Add a response that is open to the lead."""
    response = build_response(session, build_item(session))
    reveal_scores(session, person=lead, response_ids=[response.id])
    session.flush()
    return response


def score(session, lead, response, choice="yes", dimension="compliance", **given) -> Label:
    return label_by_hand(
        session,
        person=lead,
        response_id=response.id,
        dimension=dimension,
        choice=choice,
        **{"form_id": str(uuid4()), **given},
    )


# -- the list -----------------------------------------------------------------------------------------------------


def test_unreadable_ones_come_first_and_the_newest_of_them_first(session):
    made = [
        build_unread(session, build_response(session, build_item(session)), status=status)
        for status in ("failed", "unreadable", "refused", "unreadable")
    ]
    found = unreadable(session)
    assert found.count == 4
    assert [row.judgement_id for row in found.rows] == [made[place].id for place in (3, 1, 2, 0)]
    assert unreadable_counts(session) == {"unreadable": 2, "refused": 1, "failed": 1}


def test_a_page_of_the_list(session):
    made = [build_unread(session, build_response(session, build_item(session))) for _ in range(5)]
    found = unreadable(session, limit=2, offset=2)
    assert (found.count, [row.judgement_id for row in found.rows]) == (5, [made[2].id, made[1].id])


def test_scored_old_and_anchor_judgements_are_not_in_the_list(session):
    response = build_response(session, build_item(session))
    build_judgements(session, response, "1111")
    build_unread(session, build_response(session, build_item(session)), judge_round=1001)
    build_unread(session, build_response(session, build_item(session)), judge="judge-b")
    judge_named(session, "judge-b").prompt_version = "one-call-2"
    assert unreadable(session).count == 0


def test_one_judge_can_be_named(session):
    for judge in ("judge-a", "judge-a", "judge-b"):
        build_unread(session, build_response(session, build_item(session)), judge=judge)
    assert unreadable(session, judge="judge-a").count == 2
    assert unreadable_counts(session, judge="judge-b")["unreadable"] == 1


def test_the_next_one_is_the_next_that_is_not_scored_yet_and_the_list_begins_anew(session):
    lead = build_person(session, "lead")
    made = [build_unread(session, build_open(session, lead)) for _ in range(4)]

    def after(place: int) -> int | None:
        found = next_unreadable(session, person=lead, after=made[place].id, status="unreadable")
        return found and found.judgement_id

    assert after(3) == made[2].id
    score(session, lead, session.get_one(Response, made[2].response_id))
    assert after(3) == made[1].id
    assert after(0) == made[3].id
    for place in (0, 1):
        score(session, lead, session.get_one(Response, made[place].response_id))
    assert after(3) is None


def test_a_score_taken_back_waits_again(session):
    lead = build_person(session, "lead")
    first, second = (build_unread(session, build_open(session, lead)) for _ in range(2))
    response = session.get_one(Response, first.response_id)
    score(session, lead, response)
    score(session, lead, response, "undone")
    found = next_unreadable(session, person=lead, after=second.id, status="unreadable")
    assert found is not None
    assert found.judgement_id == first.id


# -- one in full --------------------------------------------------------------------------------------------------


def test_a_closed_reply_tells_nothing_of_what_the_judge_said(session):
    lead = build_person(session, "lead")
    judgement = build_unread(session, build_response(session, build_item(session), model="Secretmodel"))
    opened = opened_reply(session, judgement_id=judgement.id, person=lead)
    assert not opened.is_open
    assert SECRET not in repr(opened)
    assert "Secretmodel" not in repr(opened)
    assert session.exec(select(ScoresSeen)).all() == []


def test_an_open_reply_shows_every_attempt_as_it_came_earlier_runs_included(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    build_unread(session, response, replies=(" one\n", "two"), asked="all", dimension="awareness")
    build_unread(session, response, replies=("of another question",), dimension="education")
    build_unread(session, response, replies=("of another round",), judge_round=2)
    build_unread(session, response, replies=("of another judge",), judge="judge-b")
    judgement = build_unread(session, response, replies=(None, "three"))
    opened = opened_reply(session, judgement_id=judgement.id, person=lead)
    assert [call.raw_reply for call in opened.attempts] == [" one\n", "two", None, "three"]


def test_experts_are_refused(session):
    expert, response = build_person(session), build_response(session, build_item(session))
    judgement = build_unread(session, response)
    session.add(LockedResponse(person_id=expert.id, response_id=response.id))
    session.flush()
    with pytest.raises(UserError, match="Only the leads"):
        opened_reply(session, judgement_id=judgement.id, person=expert)
    with pytest.raises(UserError, match="Only the leads"):
        score(session, expert, response)
    assert session.exec(select(Label)).all() == []


def test_a_reply_that_has_a_score_by_now_is_not_in_the_list(session):
    response = build_response(session, build_item(session))
    build_judgements(session, response, "1111")
    with pytest.raises(NotFoundError, match="not in the list any more"):
        opened_reply(session, judgement_id=1, person=build_person(session, "lead"))


# -- scored by hand -----------------------------------------------------------------------------------------------


def test_a_score_by_hand_is_the_persons_unblinded_label_and_no_judgement_changes(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    judgement = build_unread(session, response)
    before = judgement.model_dump()
    label = score(session, lead, response, "no", reason=" It sends wine. ")
    assert (label.person_id, label.response_id, label.dimension) == (lead.id, response.id, "compliance")
    assert (label.phase, label.score, label.cant_say, label.reason) == ("unblinded", 0, False, "It sends wine.")
    assert (label.language_shown, label.inclusion_probability) == ("en", None)
    session.expire_all()
    assert session.get_one(Judgement, judgement.id).model_dump() == before
    assert session.get(LockedResponse, (lead.id, response.id)) is None


def test_cannot_say_is_no_score(session):
    lead = build_person(session, "lead")
    label = score(session, lead, build_open(session, lead), "cant_say")
    assert (label.score, label.cant_say) == (None, True)


def test_a_response_that_is_locked_gets_a_revised_label(session):
    lead = build_person(session, "lead")
    response = build_response(session, build_item(session))
    session.add(LockedResponse(person_id=lead.id, response_id=response.id))
    session.flush()
    assert score(session, lead, response).phase == "revised"


def test_a_closed_response_cannot_be_scored_by_hand(session):
    lead, response = build_person(session, "lead"), build_response(session, build_item(session))
    with pytest.raises(UserError, match="Open this reply"):
        score(session, lead, response)
    assert session.exec(select(Label)).all() == []


def test_a_response_without_a_whole_text_is_not_scored(session):
    lead = build_person(session, "lead")
    response = build_response(session, build_item(session), status="cut_off")
    reveal_scores(session, person=lead, response_ids=[response.id])
    session.flush()
    with pytest.raises(UserError, match="no whole text"):
        score(session, lead, response)


@pytest.mark.parametrize(
    "given", [{"dimension": "violation"}, {"choice": "maybe"}, {"form_id": "1"}, {"reason": "x" * 501}]
)
def test_what_is_no_answer_is_refused(session, given):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    with pytest.raises(UserError):
        score(session, lead, response, **given)
    assert session.exec(select(Label)).all() == []


def test_the_same_decision_sent_twice_is_stored_once(session):
    lead = build_person(session, "lead")
    response, form_id = build_open(session, lead), str(uuid4())
    first = score(session, lead, response, "yes", form_id=form_id)
    assert score(session, lead, response, "no", form_id=form_id).id == first.id
    assert [label.score for label in session.exec(select(Label)).all()] == [1]


def test_ten_threads_store_one_decision_once(workspace):
    with transaction() as session:
        lead = build_person(session, "lead")
        response = build_open(session, lead)
    form_id = str(uuid4())

    def send() -> None:
        with transaction() as session:
            score(session, lead, response, form_id=form_id)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as session:
        assert len(session.exec(select(Label)).all()) == 1


def test_only_the_fourth_dimension_locks_the_response(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    for dimension in DIMENSIONS[:3]:
        score(session, lead, response, dimension=dimension)
    assert session.get(LockedResponse, (lead.id, response.id)) is None
    score(session, lead, response, dimension=DIMENSIONS[3])
    assert session.get(LockedResponse, (lead.id, response.id)) is not None
    assert {label.phase for label in session.exec(select(Label))} == {"unblinded"}


def test_a_dimension_taken_back_does_not_count_for_the_lock(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    for dimension in DIMENSIONS[:3]:
        score(session, lead, response, dimension=dimension)
    score(session, lead, response, "undone", dimension=DIMENSIONS[0])
    score(session, lead, response, dimension=DIMENSIONS[3])
    assert session.get(LockedResponse, (lead.id, response.id)) is None


def test_undoing_adds_a_row_that_says_so_and_keeps_the_first(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    score(session, lead, response, "no")
    undone = score(session, lead, response, "undone")
    assert (undone.score, undone.retracted) == (0, True)
    assert [label.retracted for label in session.exec(select(Label).order_by(Label.id))] == [False, True]
    assert standing_labels(session, person=lead, response_ids=[response.id]) == []
    with pytest.raises(UserError, match="no answer of yours"):
        score(session, lead, response, "undone")


def test_what_is_locked_is_not_undone(session):
    lead = build_person(session, "lead")
    response = build_open(session, lead)
    for dimension in DIMENSIONS:
        score(session, lead, response, dimension=dimension)
    with pytest.raises(UserError, match="locked"):
        score(session, lead, response, "undone")


# -- on the screen ------------------------------------------------------------------------------------------------


def unreadable_page() -> None:
    from core.people import person_here
    from pages.components.judging.unreadable_part import unreadable_part

    unreadable_part(person_here())


def open_part(**address: str) -> AppTest:
    page = AppTest.from_function(unreadable_page, default_timeout=30)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def waiting(workspace) -> list[int]:
    """Two replies of a closed response each; the newest is the first."""
    with transaction() as session:
        current_person(session)
        made = [
            build_unread(
                session,
                build_response(session, build_item(session, country=country), model="Secretmodel", text="An answer."),
            ).id
            for country in ("Japan", "Iran")
        ]
    return made[::-1]


def press(page: AppTest, start: str) -> AppTest:
    next(button for button in page.button if button.key.startswith(start)).click().run()
    assert not page.exception
    return page


def answers(page: AppTest) -> list[str]:
    return [button.key for button in page.button if button.key.startswith("by-hand-")]


def labels() -> list[tuple]:
    with reading() as session:
        rows = session.exec(select(Label).order_by(Label.id)).all()
    return [(row.dimension, row.score, row.phase, row.retracted) for row in rows]


def test_where_every_reply_could_be_read_the_screen_says_so(workspace):
    page = open_part()
    assert ":material/task_alt: Every reply could be read." in page.markdown[0].value
    assert not page.button


def test_the_list_names_item_country_and_dimension_and_nothing_that_unblinds(waiting):
    page = open_part()
    shown = words(page)
    assert "Iran" in shown
    assert "Japan" in shown
    assert "Compliance" in shown
    assert not [secret for secret in (SECRET, "Secretmodel", "An answer.") if secret in shown]
    assert page.pills(key="unread-status").options == ["Unreadable · 2", "Refused · 0", "Failed · 0"]


def test_what_was_refused_is_behind_its_chip(waiting):
    with transaction() as session:
        build_unread(session, build_response(session, build_item(session, country="Peru")), status="refused")
    page = open_part()
    assert "Peru" not in words(page)
    page.pills(key="unread-status").set_value("refused").run()
    assert page.query_params["status"] == "refused"
    assert "Peru" in words(page)
    assert "Japan" not in words(page)


def test_a_reply_stays_closed_until_it_is_opened(waiting):
    page = open_part(reply=str(waiting[0]))
    shown = words(page)
    assert "This response is closed to you" in shown
    assert not [secret for secret in (SECRET, "Secretmodel") if secret in shown]
    assert answers(page) == []
    press(page, "open-reply")
    assert [part["parts"][0][1] for part in parts(page, "unread-attempt")] == [
        f"{SECRET}: 1 out of 5",
        f"**Score: 10** {SECRET}",
    ]
    assert parts(page, "unread-response")[0]["parts"][0][1] == "An answer."
    assert "Secretmodel" not in words(page)
    with reading() as session:
        assert len(session.exec(select(ScoresSeen)).all()) == 1


def test_scoring_stores_an_unblinded_label_and_opens_the_next(waiting):
    page = press(open_part(reply=str(waiting[0])), "open-reply")
    press(page, "by-hand-yes")
    assert labels() == [("compliance", 1, "unblinded", False)]
    assert page.query_params["reply"] == str(waiting[1])
    assert len(parts(page, "unread-attempt")) == 2
    press(page, "by-hand-cant_say")
    assert labels()[1:] == [("compliance", None, "unblinded", False)]
    # Nothing is left to read: the list says what was said.
    chips = [text.value for text in page.markdown if "you: " in text.value]
    assert [chip for chip in chips if "you: yes" in chip]
    assert [chip for chip in chips if "you: can't say" in chip]
    with reading() as session:
        assert [(row.status, row.score) for row in session.exec(select(Judgement))] == [("unreadable", None)] * 2


def test_a_double_click_stores_one_label(waiting):
    page = press(open_part(reply=str(waiting[0])), "open-reply")
    form = page.session_state["by-hand-form"]
    press(page, "by-hand-yes")
    # The second click came before the page had gone on: it finds the form as it was.
    page.query_params["reply"] = str(waiting[0])
    page.session_state["by-hand-form"] = form
    press(page.run(), "by-hand-yes")
    assert labels() == [("compliance", 1, "unblinded", False)]


def test_the_last_score_can_be_taken_back_and_given_anew(waiting):
    page = press(open_part(reply=str(waiting[0])), "open-reply")
    press(press(page, "by-hand-yes"), "undo-by-hand")
    assert page.query_params["reply"] == str(waiting[0])
    assert labels() == [("compliance", 1, "unblinded", False), ("compliance", 1, "unblinded", True)]
    assert not [button for button in page.button if button.key == "undo-by-hand"]
    press(page, "by-hand-no")
    assert labels()[2:] == [("compliance", 0, "unblinded", False)]


def test_hostile_names_stay_inert(workspace):
    with transaction() as session:
        current_person(session)
        item = build_item(session, country="**Iran** :red[x] [y](http://evil.example)")
        build_unread(session, build_response(session, item), judge="<b>j</b> **judge**")
    page = open_part()
    shown = [text.value for text in (*page.markdown, *page.caption)]
    assert shown
    assert not [text for text in shown if "**Iran**" in text or "](http" in text or "**judge**" in text]


# -- flags --------------------------------------------------------------------------------------------------------


def test_a_flag_is_seen_only_where_the_response_is_open(session):
    item, lead = build_item(session), build_person(session, "lead")
    response = build_response(session, item)
    for code, excerpt in (("score_line", "Score: 1"), ("instruction", "Ignore the rubric")):
        session.add(ResponseFlag(response_id=response.id, code=code, excerpt=excerpt))
    session.flush()
    assert [view.flags for view in responses_of(session, item_id=item.id, person=lead)] == [()]
    reveal_scores(session, person=lead, response_ids=[response.id])
    session.flush()
    assert [view.flags for view in responses_of(session, item_id=item.id, person=lead)] == [
        ("Ignore the rubric", "Score: 1")
    ]


def test_the_badge_shows_the_words_inert_and_on_open_responses_only(workspace):
    with transaction() as session:
        item, lead = build_item(session), current_person(session)
        response = build_response(session, item)
        session.add(ResponseFlag(response_id=response.id, code="instruction", excerpt="Ignore **the** <b>rubric</b>"))
    assert "reads like instructions to its judge" not in words(open_browse(item=item.id))
    with transaction() as session:
        reveal_scores(session, person=lead, response_ids=[response.id])
    page = open_browse(item=item.id)
    assert not page.exception
    badge = next(text for text in page.markdown if "reads like instructions to its judge" in (text.help or ""))
    assert r"Ignore \*\*the\*\* \<b\>rubric" in badge.help

"""A judge is one model, one kind of prompt and its parameters, never mixed; its prompt may have newer versions."""

from collections import Counter

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.errors import UserError
from core.judges import judge_named, stands_for
from core.judging.official import official_words
from core.judging.prompts import current_words
from core.judging.selection import Selection, extent
from core.models import Event, Job, Judge, Judgement, JudgeRun, LockedResponse, Response
from core.responses.views import responses_of
from tests.builders import build_person
from tests.fakes import StubEndpoint
from tests.judge_run_builders import judged, judgements, responses, settings, start


def test_a_name_belongs_to_one_model_prompt_and_set_of_parameters(workspace):
    responses(1)
    with StubEndpoint() as stub:
        judged(settings(stub))
        for other in ({"model": "another"}, {"prompt": "one-call"}, {"temperature": 1.0}):
            with pytest.raises(UserError, match="never mixed"):
                start(settings(stub, **other))


def test_a_judge_is_not_asked_elsewhere_unless_somebody_says_that_it_has_moved(workspace):
    responses(1)
    with StubEndpoint() as stub, StubEndpoint() as elsewhere:
        first = judged(settings(stub))
        with pytest.raises(UserError, match="say that it has moved"):
            start(settings(elsewhere))
        second = start(settings(elsewhere), has_moved=True, rounds=2)
    with reading() as session:
        assert judge_named(session, "judge-x").base_url == elsewhere.url
        assert [session.get_one(JudgeRun, run.id).base_url for run in (first, second)] == [stub.url, elsewhere.url]
        event = session.exec(select(Event).where(Event.kind == "judge_moved")).one()
    assert event.detail == {"before": stub.url, "after": elsewhere.url}


def test_an_unfinished_run_of_a_judge_that_has_moved_goes_on_at_the_new_address(workspace):
    responses(1)
    with StubEndpoint() as stub, StubEndpoint() as elsewhere:
        unfinished = start(settings(stub))
        with transaction() as session:
            session.get_one(Job, unfinished.job_id).state = "interrupted"
        gone_on = judged(settings(elsewhere), has_moved=True)
        assert (gone_on.id, len(stub.served), len(elsewhere.served)) == (unfinished.id, 0, 4)


def test_a_newer_prompt_version_is_judged_anew_and_only_its_scores_stand(workspace):
    (response_id,) = responses(1)
    first = current_words("four-calls")
    newer = type(first)(**vars(first) | {"version": "four-calls-2"})
    with StubEndpoint() as stub:
        judged(settings(stub))
        with transaction() as session:
            judge = session.exec(select(Judge)).one()
            scope = extent(
                session, chosen=Selection(), judge=judge, version="four-calls-2", asked=4, first_round=1, rounds=1
            )
            person = build_person(session)
            item_id = session.get_one(Response, response_id).item_id
        assert scope.missing == 4
        judged(settings(stub), words=newer)
    assert Counter(row.prompt_version for row in judgements()) == {"four-calls-1": 4, "four-calls-2": 4}
    with transaction() as session:
        session.add(LockedResponse(person_id=person.id, response_id=response_id))
    with reading() as session:
        (view,) = responses_of(session, item_id=item_id, person=person)
    assert {row.prompt_version for row in view.judgements} == {"four-calls-2"}
    assert len(view.judgements) == 4


def test_a_newer_prompt_version_that_came_to_little_takes_no_score_away(workspace):
    responses(5)
    first = current_words("four-calls")
    newer = type(first)(**vars(first) | {"version": "four-calls-2"})
    with StubEndpoint() as stub:
        judged(settings(stub))
        judged(settings(stub), Selection(limit=1), words=newer)
        with reading() as session:
            judge = judge_named(session, "judge-x")
            assert judge.prompt_version == "four-calls-1"
            assert len(session.exec(select(Judgement).where(stands_for(judge))).all()) == 20
        judged(settings(stub), words=newer)
    with reading() as session:
        assert judge_named(session, "judge-x").prompt_version == "four-calls-2"


def test_violation_becomes_compliance_and_both_are_stored(workspace, tmp_path):
    responses(4)
    code = tmp_path / "code"
    code.mkdir()
    asks = {name: f"Does it do well in {name}? End with 0 or 1." for name in ("Awareness", "Education", "Helpfulness")}
    asks["Violation"] = "Does it break the norm? End with 1 if so, else 0."
    (code / "evaluation.py").write_text(
        f'SYSTEM_PROMPT = "You judge."\nDIMENSION_PROMPTS = {asks!r}\n', encoding="utf-8"
    )
    words = official_words(tmp_path)
    with StubEndpoint() as stub:
        judged(settings(stub, prompt="cross-official"), words=words)
    rows = judgements()
    assert {row.prompt_version for row in rows} == {words.version}
    turned = [(int(row.raw_score or 9), row.score) for row in rows if row.dimension == "compliance"]
    assert len(turned) == 4
    assert all(raw == 1 - (score or 0) for raw, score in turned)
    assert all(row.raw_score == str(row.score) for row in rows if row.dimension != "compliance")

"""What collecting responses will cost and how long it takes, before it starts."""

from sqlmodel import Session

from core.models import ResponseRun
from core.responses.collecting import CollectSettings, ItemChoice
from tests.builders import build_item, build_response
from tests.estimate_builders import MODEL, collecting, price, queued_job
from tests.test_training_sets import build_pictured_item


def build_collected(session: Session, *, setting: str, count: int = 20, **parameters: object) -> None:
    """Add a run of `some-model` with responses of 700 and 300 tokens that took 4 s."""
    run = ResponseRun(
        id=f"run-{setting}",
        job_id=queued_job(session),
        selection={"setting": setting},
        calls=count,
        stored_as="earlier",
        model="some-model",
        base_url="http://127.0.0.1:8000/v1",
        parameters={"max_tokens": 1024, "max_side": 1024} | parameters,
    )
    session.add(run)
    item = build_item(session, subset="safeworld")
    session.flush()
    tokens = {"prompt_tokens": 700, "completion_tokens": 300, "latency_s": 4.0}
    for number in range(1, count + 1):
        build_response(session, item, model="earlier", setting=setting, round=number, run_id=run.id, **tokens)


def test_collecting_is_estimated_by_hand(session: Session):
    price(session)
    for _ in range(2):
        # 40 letters are 10 tokens; the picture is 1,000. The system prompt and the line's end are 8 letters, 2 tokens.
        build_pictured_item(session, query="a" * 40)
    build_pictured_item(session, query="b" * 40, wording="translation")
    model = CollectSettings(MODEL.base_url, MODEL.model, system_prompt="Be kind", max_tokens=50)
    given = collecting(session, model)
    assert (given.basis, given.calls, given.prompt_tokens, given.completion_tokens) == ("rough", 2, 2 * 1012, 2 * 50)
    assert given.duration_s == 6.0
    assert (
        "on 2 of these prompts, pictures at most 1,000 tokens each; a reply is taken to be 50 tokens" in given.explained
    )


def test_collecting_is_measured_by_runs_in_the_same_setting(session: Session):
    build_pictured_item(session)
    build_collected(session, setting="text-only")
    other = collecting(session)
    assert (other.basis, other.duration_s) == ("rough", 4.0)
    build_collected(session, setting="english")
    given = collecting(session)
    assert (given.basis, given.prompt_tokens, given.completion_tokens, given.duration_s) == ("measured", 700, 300, 4.0)
    thinking = CollectSettings(MODEL.base_url, MODEL.model, reasoning_effort="high")
    assert collecting(session, thinking).basis == "rough"


def test_responses_of_the_same_model_at_another_address_tell_the_tokens_but_not_the_time(session: Session):
    build_pictured_item(session)
    build_collected(session, setting="english")
    given = collecting(session, CollectSettings("https://far.example/v1", MODEL.model))
    assert (given.basis, given.prompt_tokens, given.duration_s) == ("measured", 700, 6.0)
    assert "too few were timed at this address" in given.explained


def test_answers_that_are_there_are_not_collected_again(session: Session):
    items = [build_pictured_item(session) for _ in range(3)]
    build_response(session, items[0], model="some-model")
    build_response(session, items[1], model="some-model", status="failed", text="")
    assert collecting(session).calls == 2


def test_the_sample_of_many_items_is_forty(session: Session):
    for number in range(100):
        build_item(session, id=f"own/{number:02}/1", query="a" * (4 * number))
    given = collecting(session, chosen=ItemChoice("text-only"))
    # Of 0 to 99 tokens every 2.5th is counted: 0, 2, 5, 7 ... 97, on average 48.5; for a hundred calls.
    assert given.prompt_tokens == 4850
    assert "on 40 of these prompts" in given.explained

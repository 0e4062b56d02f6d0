"""What a run will cost, how long it takes and what leaves the machine, before it starts."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, literal, select
from test_training_sets import build_pictured_item

from core.chat.exchange import Sampling
from core.chat.ledger import Price
from core.errors import UserError
from core.estimates import (
    Departure,
    RunEstimate,
    TokenCounts,
    in_sample,
    known_tokenizer,
    rough_tokens,
    run_estimate,
    spread,
    tokens_in,
)
from core.judges import settled_judge
from core.judging.asking import MissingCalls, Notes
from core.judging.estimates import judge_departure, judge_estimate
from core.judging.judge_run import Bounds, JudgeSettings
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import Item, Job, JudgeCall, Judgement, JudgeRun, Response, ResponseRun
from core.prices import PriceEntry, set_price
from core.responses.collecting import CollectBounds, CollectSettings, ItemChoice
from core.responses.estimates import collect_departure, collect_estimate
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response

WORDS = current_words("four-calls")
JUDGE = JudgeSettings("judge-x", "https://api.example.org/v1", "some-model", "four-calls")
MODEL = CollectSettings("http://127.0.0.1:8000/v1", "some-model")


@pytest.fixture(scope="module")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tokenizer of the model `smoke-test`."""
    from core.training.worker import build

    folder = tmp_path_factory.mktemp("tokenizer")
    build._processor().tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def _no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def estimate(session: Session, judge: JudgeSettings = JUDGE, *, words=WORDS, chosen=None, **given) -> RunEstimate:
    counting = {name: given.pop(name) for name in ("tokenizer", "with_tokenizer") if name in given}
    return judge_estimate(
        session, settings=judge, words=words, chosen=chosen or Selection(), bounds=Bounds(**given), **counting
    )


def collecting(session: Session, model: CollectSettings = MODEL, chosen: ItemChoice | None = None) -> RunEstimate:
    return collect_estimate(session, settings=model, chosen=chosen or ItemChoice(), bounds=CollectBounds())


def price(session: Session, **given: float) -> None:
    entry = PriceEntry("some-model", **({"input_usd": 2.0, "output_usd": 10.0, "image_tokens": 1000} | given))
    set_price(session, entry=entry, author=build_person(session, "lead"))


def queued_job(session: Session) -> int:
    job = Job(kind="judge", title="earlier")
    session.add(job)
    session.flush()
    return job.id


def build_calls(
    session: Session, response: Response, *, prompt: int, completion: int, latencies: Iterable[float], **judge: object
) -> None:
    """Add a run of a judge of `some-model` with a call for each latency."""
    known = {"name": "earlier", "model": "some-model", "prompt": "four-calls", "prompt_version": WORDS.version}
    settled = settled_judge(session, **(known | judge))
    run = JudgeRun(
        id=f"run-{settled.name}",
        job_id=queued_job(session),
        selection={},
        judge_id=settled.id,
        prompt_version=settled.prompt_version,
        secret="s",
    )
    session.add(run)
    session.flush()
    for latency in latencies:
        run.calls += 1
        tokens = {"prompt_tokens": prompt, "completion_tokens": completion, "latency_s": latency}
        session.add(JudgeCall(run_id=run.id, response_id=response.id, asked="education", status="scored", **tokens))
    session.flush()


# -- arithmetic ---------------------------------------------------------------------------------------------------


def test_cost_and_duration_worked_by_hand():
    # 10 calls of 1,200.5 and 150 tokens are 12,005 and 1,500; at 2 and 10 dollars a million 0.02401 and 0.015.
    # Four at a time they are three waves of 2.5 s.
    tokens = TokenCounts(1200.5, 150, "rough", "Rough.")
    given = run_estimate(calls=10, tokens=tokens, price=Price(2, 10, 1000), latency_s=2.5, concurrency=4)
    assert (given.calls, given.prompt_tokens, given.completion_tokens) == (10, 12_005, 1_500)
    assert given.cost_usd == pytest.approx(0.03901)
    assert given.duration_s == 7.5
    assert (given.basis, given.explained) == ("rough", "Rough.")


def test_an_unknown_price_is_no_price_of_nothing():
    tokens = TokenCounts(100, 10, "rough", "")
    given = run_estimate(calls=3, tokens=tokens, price=None, latency_s=None, concurrency=8)
    assert (given.cost_usd, given.duration_s) == (None, None)


def test_nothing_to_ask_costs_nothing():
    tokens = TokenCounts(100, 10, "rough", "")
    given = run_estimate(calls=0, tokens=tokens, price=Price(2, 10, 0), latency_s=3, concurrency=8)
    assert (given.prompt_tokens, given.cost_usd, given.duration_s) == (0, 0, 0)


def test_rough_tokens_follow_the_script():
    # Eight letters of one byte; four of two bytes, eight in all; and a mixture of both.
    assert rough_tokens("abcd efg") == pytest.approx(8 / 4)
    assert rough_tokens("سلام") == pytest.approx(8 / 3)
    assert rough_tokens("abcd efgسلام") == pytest.approx(8 / 4 + 8 / 3)


def test_a_sample_of_very_many_is_small_and_even(session: Session):
    # 1 to 100,000: 2,000 of them are wanted, so 200 of each tenth.
    ids = select(literal(1).label("id")).cte("ids", recursive=True)
    ids = ids.union_all(select(ids.c.id + 1).where(ids.c.id < 100_000))
    tenth = (ids.c.id - 1) / 10_000
    counted = select(func.floor(tenth).label("tenth"), func.count()).where(in_sample(ids.c.id, total=100_000))
    counts = [count for _, count in session.exec(counted.group_by("tenth")).all()]
    assert len(counts) == 10
    assert all(195 <= count <= 205 for count in counts)
    first = sorted(session.exec(select(ids.c.id).order_by(spread(ids.c.id)).limit(40)).all())
    # Evenly would be every 2,500th.
    assert max(later - one for one, later in zip([0, *first], [*first, 100_000], strict=True)) < 5_500


def test_of_few_calls_all_are_in_the_sample(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=1, completion=1, latencies=[1.0] * 30)
    assert len(session.exec(select(JudgeCall.id).where(in_sample(col(JudgeCall.id), total=30))).all()) == 30


# -- judging ------------------------------------------------------------------------------------------------------


def test_measured_calls_of_this_model_and_prompt_beat_the_rough_count(session: Session):
    price(session)
    response = build_response(session, build_item(session))
    # The median of nineteen 2 s and one 100 s is 2 s.
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 19 + [100.0])
    given = estimate(session, concurrency=2, tokenizer="nobody/nothing", with_tokenizer=True)
    # One response is four calls: 3,600 and 320 tokens; two waves of 2 s.
    assert (given.basis, given.calls, given.prompt_tokens, given.completion_tokens) == ("measured", 4, 3600, 320)
    assert given.cost_usd == pytest.approx((3600 * 2 + 320 * 10) / 1e6)
    assert given.duration_s == 4.0
    assert given.explained.startswith("Measured on 20 earlier calls of this model")
    assert "a call took 2 s" in given.explained


def test_nineteen_calls_are_too_few_to_measure_by(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 19)
    given = estimate(session)
    assert given.basis == "rough"
    assert "a call is taken to take 3 s" in given.explained


@pytest.mark.parametrize(
    "other",
    [
        {"prompt_version": "four-calls-0"},
        {"parameters": {"reasoning_effort": "high"}},
        {"parameters": {"max_side": 512}},
    ],
)
def test_calls_that_asked_in_another_way_tell_the_time_but_not_the_tokens(session: Session, other: dict):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[1.5] * 20, **other)
    given = estimate(session)
    assert (given.basis, given.duration_s) == ("rough", 1.5)


def test_calls_of_another_model_tell_nothing(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[1.5] * 20, model="another-model")
    given = estimate(session)
    assert (given.basis, given.duration_s) == ("rough", 3.0)


def test_failed_calls_without_tokens_are_not_measured_by(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 20)
    session.add(JudgeCall(run_id="run-earlier", response_id=response.id, asked="education", status="failed"))
    session.flush()
    assert estimate(session).prompt_tokens == 3600


@pytest.mark.parametrize("kind", ["four-calls", "one-call"])
def test_the_rough_count_is_of_what_the_judge_is_really_asked(session: Session, kind: str):
    price(session)
    words = current_words(kind)
    item = build_item(session, region="Rif", norm_background="ضيافة", query="ماذا أفعل؟", query_english="What do I do?")
    response = build_response(session, item, text="Wait for the host.")
    judge = settled_judge(session, name="earlier", model="m", prompt=kind, prompt_version=words.version)
    run = JudgeRun(id="r", job_id=1, selection={}, judge_id=judge.id, prompt_version=words.version, secret="s")
    asking = MissingCalls(run, judge, words, sampling=Sampling(1), max_side=100, notes=Notes())
    expected = 0.0
    for asked in words.asked:
        request = asking.request(response, item, None, asked)
        system, user = (message["content"] for message in request.messages)
        schema = f"\n{json.dumps(request.response_format)}" if request.response_format else ""
        expected += rough_tokens(f"{system}\n{user[-1]['text']}{schema}")
    given = estimate(session, JudgeSettings("judge-x", JUDGE.base_url, JUDGE.model, kind), words=words)
    assert given.prompt_tokens == round(expected)
    assert given.completion_tokens == {"four-calls": 4 * 150, "one-call": 500}[kind]


def test_a_picture_costs_what_the_price_table_says_and_only_where_there_is_one(session: Session):
    item = build_item(session)
    build_response(session, item)
    without = estimate(session).prompt_tokens
    assert "pictures" not in estimate(session).explained
    pictured = build_pictured_item(session, query=item.query, query_english=item.query, norm=item.norm)
    response = build_response(session, pictured)
    chosen = Selection(response_ids=(response.id,))
    # Four calls with a picture of 1,500 tokens, as is assumed, or of 1,000, as the table says; the words differ a bit.
    assert estimate(session, chosen=chosen).prompt_tokens == pytest.approx(without + 4 * 1500, abs=200)
    unpriced = estimate(session, chosen=chosen)
    price(session)
    assert unpriced.prompt_tokens - estimate(session, chosen=chosen).prompt_tokens == 4 * 500
    assert "pictures at most 1,000 tokens each" in estimate(session, chosen=chosen).explained


def test_only_what_is_missing_is_estimated(session: Session):
    answered, waiting = (build_response(session, build_item(session)) for _ in range(2))
    settled_judge(session, name="judge-x", model="some-model", prompt="four-calls", prompt_version=WORDS.version)
    for response, dimensions in ((answered, DIMENSIONS), (waiting, DIMENSIONS[:1])):
        for dimension in dimensions:
            given = {"judge_model": "some-model", "prompt_version": WORDS.version, "score": 1}
            session.add(Judgement(response_id=response.id, dimension=dimension, judge="judge-x", **given))
    session.flush()
    assert estimate(session).calls == 3
    # The second round is all missing.
    assert estimate(session, rounds=2).calls == 3 + 8
    assert estimate(session, JudgeSettings("new", JUDGE.base_url, JUDGE.model, "four-calls")).calls == 8


def test_unreadable_replies_are_estimated_when_they_are_to_be_asked_again(session: Session):
    words = current_words("one-call")
    response = build_response(session, build_item(session))
    build_response(session, build_item(session))
    build_judgements(session, response, "----")
    judge = JudgeSettings("judge-a", JUDGE.base_url, "judge-model", "one-call")
    # One call asks for all four; the other response was never asked about.
    assert estimate(session, judge, words=words).calls == 1
    assert estimate(session, judge, words=words, ask_unreadable_again=True).calls == 2


def test_a_batch_has_its_own_price_and_no_known_duration(session: Session):
    price(session, batch_share=0.5)
    build_response(session, build_item(session))
    live, batch = estimate(session), estimate(session, mode="batch")
    assert batch.cost_usd == pytest.approx(live.cost_usd / 2)
    assert (live.duration_s, batch.duration_s) == (3.0, None)


def test_nothing_chosen_is_estimated_as_nothing(session: Session):
    given = estimate(session, tokenizer="nobody/nothing", with_tokenizer=True)
    assert (given.calls, given.prompt_tokens, given.duration_s) == (0, 0, 0)
    assert "cannot be had" not in given.explained


# -- collecting ---------------------------------------------------------------------------------------------------


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


# -- tokenizers ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_no_hub")
def test_the_counts_are_those_of_the_tokenizer_itself(tokenizer_folder: Path):
    from transformers import AutoTokenizer

    texts = ["Which of these should I choose?", "", "سلام، کدام را بخرم؟ 😀", "a\n\nb <|im_end|>"]
    own = AutoTokenizer.from_pretrained(tokenizer_folder)
    counts = tokens_in(texts, tokenizer=str(tokenizer_folder))
    assert counts == [len(own.encode(text, add_special_tokens=False)) for text in texts]
    assert counts[1] == 0


@pytest.mark.usefixtures("_no_hub")
def test_a_tokenizer_is_taken_as_its_file_says_whatever_class_it_names(tokenizer_folder: Path, tmp_path: Path):
    # This file cuts every letter apart: five tokens. The class it names would join them as far as its merges go.
    content = json.loads((tokenizer_folder / "tokenizer.json").read_text())
    letters = {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": False}
    # What it puts before each text is none of the text's tokens.
    start, text = {"SpecialToken": {"id": "<pad>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
    marks = {"<pad>": {"id": "<pad>", "ids": [0], "tokens": ["<pad>"]}}
    content["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [start, text],
        "pair": [start, text, text],
        "special_tokens": marks,
    }
    content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [letters, content["pre_tokenizer"]]}
    (tmp_path / "tokenizer.json").write_text(json.dumps(content))
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "GPT2Tokenizer"}')
    assert tokens_in(["which"], tokenizer=str(tmp_path)) == [5]


@pytest.mark.usefixtures("_no_hub")
def test_a_tokenizer_of_the_older_form_counts_too(tokenizer_folder: Path, tmp_path: Path):
    # A vocabulary without merges: each letter is a token.
    content = json.loads((tokenizer_folder / "tokenizer.json").read_text())
    (tmp_path / "vocab.json").write_text(json.dumps(content["model"]["vocab"] | {"<|endoftext|>": 5000}))
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "GPT2Tokenizer"}')
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    assert tokens_in(["which"], tokenizer=str(tmp_path)) == [5]


@pytest.mark.usefixtures("_no_hub")
@pytest.mark.parametrize("name", ["nobody/has-this", "--help", "", "a\nb", "a" * 1000, "/no/such/folder"])
def test_a_tokenizer_that_cannot_be_had_counts_nothing(name: str):
    assert tokens_in(["text"], tokenizer=name) is None


@pytest.mark.usefixtures("_no_hub")
def test_a_name_that_looks_like_an_option_is_not_even_tried(
    tokenizer_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("-x", "x"):
        (tmp_path / name).symlink_to(tokenizer_folder)
    monkeypatch.chdir(tmp_path)
    assert tokens_in([""], tokenizer="x") == [0]
    assert tokens_in([""], tokenizer="-x") is None


@pytest.mark.usefixtures("_no_hub")
def test_prompts_are_counted_with_the_tokenizer_only_when_asked_for(session: Session, tokenizer_folder: Path):
    from transformers import AutoTokenizer

    item = build_item(session, query="Which of these should I choose?")
    own = AutoTokenizer.from_pretrained(tokenizer_folder)
    chosen, bounds = ItemChoice("text-only"), CollectBounds()
    given = {"settings": MODEL, "chosen": chosen, "bounds": bounds, "tokenizer": str(tokenizer_folder)}
    assert collect_estimate(session, **given).basis == "rough"
    counted = collect_estimate(session, **given, with_tokenizer=True)
    assert (counted.basis, counted.prompt_tokens) == ("tokenizer", len(own.encode(item.query)))
    assert counted.explained.startswith(f"Counted with the tokenizer {tokenizer_folder}, on 1 of these prompts;")


@pytest.mark.usefixtures("_no_hub")
def test_without_its_tokenizer_the_estimate_is_rough_and_says_why(session: Session):
    build_response(session, build_item(session))
    rough = estimate(session)
    given = estimate(session, tokenizer="nobody/has-this", with_tokenizer=True)
    assert (given.basis, given.prompt_tokens) == ("rough", rough.prompt_tokens)
    assert given.explained.startswith("The tokenizer nobody/has-this cannot be had. Rough: ")


@pytest.mark.parametrize(
    ("model", "tokenizer"),
    [
        ("gpt-4o", "Xenova/gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "Xenova/gpt-4o"),
        ("openai/gpt-4.1-mini", "Xenova/gpt-4o"),
        ("gpt-5.1", "Xenova/gpt-4o"),
        ("o3-mini", "Xenova/gpt-4o"),
        ("gpt-4-turbo", "Xenova/gpt-4"),
        ("Qwen/Qwen2.5-VL-7B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"),
        ("openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("llava:7b", None),
        ("--help/x", None),
        ("../x", None),
        ("", None),
    ],
)
def test_a_models_name_tells_its_tokenizer_where_it_can(model: str, tokenizer: str | None):
    assert known_tokenizer(model) == tokenizer


# -- what leaves the machine --------------------------------------------------------------------------------------


def test_what_leaves_the_machine_is_said_in_a_sentence():
    assert Departure("api.openai.com", False, 321, 1024, 1284, 963, 3852).sentence == (
        "To api.openai.com, outside this machine: 321 pictures (at most 1,024 pixels a side), 1,284 queries with "
        "country, norm and background, and 3,852 responses. Names and labels of experts never."
    )
    assert Departure("127.0.0.1:8000", True, 1, 512, 1, 0, 0).sentence == (
        "To 127.0.0.1:8000 on this machine: 1 picture (at most 512 pixels a side) and 1 query. "
        "Names and labels of experts never."
    )
    assert Departure("h", False, 0, None, 0, 0, 0).sentence == (
        "To h, outside this machine: nothing. Names and labels of experts never."
    )


def test_a_judge_is_sent_each_picture_query_and_norm_once(session: Session):
    # Two wordings share a picture and a norm, a third item has its own, a fourth no picture; one answer was refused,
    # and one belongs to an item without a norm.
    shared = {"norm": "One greets the eldest first."}
    first, second = (build_pictured_item(session, "red", **shared) for _ in range(2))
    items: list[Item] = [first, second, build_pictured_item(session, "blue"), build_item(session)]
    for item in items:
        build_response(session, item)
        build_response(session, item)
    build_response(session, first, status="refused", text="")
    build_response(session, build_pictured_item(session, "green", norm=None))
    departure = judge_departure(session, settings=JUDGE, chosen=Selection())
    assert departure == Departure("api.example.org", False, 2, 2048, queries=4, norms=3, responses=8)
    only = judge_departure(session, settings=JUDGE, chosen=Selection(response_ids=(build_response(session, first).id,)))
    assert (only.pictures, only.queries, only.norms, only.responses) == (1, 1, 1, 1)


def test_a_judge_is_sent_no_more_than_the_limit(session: Session):
    for colour in ("red", "blue", "green"):
        build_response(session, build_pictured_item(session, colour))
    departure = judge_departure(session, settings=JUDGE, chosen=Selection(limit=2))
    assert (departure.pictures, departure.queries, departure.responses) == (2, 2, 2)


def test_a_model_is_sent_pictures_and_queries_and_no_norms(session: Session):
    for colour in ("red", "red", "blue"):
        build_pictured_item(session, colour)
    build_item(session)
    departure = collect_departure(session, settings=MODEL, chosen=ItemChoice())
    assert departure == Departure("127.0.0.1:8000", True, 2, 1024, queries=3, norms=0, responses=0)


def test_text_only_sends_no_picture(session: Session):
    build_pictured_item(session, "red")
    build_item(session)
    departure = collect_departure(session, settings=MODEL, chosen=ItemChoice("text-only"))
    assert (departure.pictures, departure.max_side, departure.queries) == (0, None, 2)


def test_nothing_chosen_sends_nothing(session: Session):
    departure = judge_departure(session, settings=JUDGE, chosen=Selection())
    assert (departure.pictures, departure.queries, departure.norms, departure.responses) == (0, 0, 0, 0)


def test_what_is_no_address_is_said(session: Session):
    judge = JudgeSettings("judge-x", "api.example.org", "some-model", "four-calls")
    with pytest.raises(UserError, match="looks like"):
        judge_departure(session, settings=judge, chosen=Selection())

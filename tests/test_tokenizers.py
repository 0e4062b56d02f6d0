"""Tokens counted by a model's own tokenizer, where it can be had."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session

from core.estimates import known_tokenizer, tokens_in
from core.responses.collecting import CollectBounds, ItemChoice
from core.responses.estimates import collect_estimate
from tests.builders import build_item, build_response
from tests.estimate_builders import MODEL, estimate


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

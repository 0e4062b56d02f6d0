"""Files shaped like CROSS's become records, or refusals with reasons."""

import json
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.benchmark.reader import (
    FileMeaning,
    ItemRecord,
    Refusal,
    is_failed_call,
    item_records,
    meaning_of,
    normalised_norm,
    normalised_path,
    read_records,
)
from core.errors import BenchmarkFormatError

ENGLISH = FileMeaning("items", "casa", "english")
TRANSLATED = FileMeaning("items", "casa", "multilingual")


def casa(**given: object) -> dict[str, object]:
    return {
        "index": "Morocco_4",
        "orig_query": "Is wine a good gift in Morocco?",
        "violated_norm": "Alcohol is not given at a wedding.",
        "item": "Wine",
        "image_source": "self",
        "file_name": "https://example.org/cross/refs/heads/main/images/casa/wine,%20red.JPG",
        "query": "Which of these bottles suits a wedding in Morocco?",
    } | given


def items(records: list[object], meaning: FileMeaning = ENGLISH) -> list[ItemRecord | Refusal]:
    return [entry for _, entry in item_records(records, meaning)]


def codes(record: dict[str, object], meaning: FileMeaning = ENGLISH) -> dict[str, str]:
    (item,) = items([record], meaning)
    assert isinstance(item, ItemRecord)
    return dict(item.warnings)


def test_wordings_are_numbered_by_occurrence():
    records = [casa(), casa(index="Iran_1"), casa(query="Second?"), casa(query="Third?"), casa(query="Fourth?")]
    ids = [entry.item_id if isinstance(entry, ItemRecord) else entry.reason for entry in items(records)]
    assert ids == [
        "casa/Morocco_4/1",
        "casa/Iran_1/1",
        "casa/Morocco_4/2",
        "casa/Morocco_4/3",
        "the index occurs more than three times in this file",
    ]


def test_a_refused_record_keeps_its_place():
    first, second = items([casa(query=" "), casa(query="Second, in Morocco?")])
    assert isinstance(first, Refusal)
    assert isinstance(second, ItemRecord)
    assert second.item_id == "casa/Morocco_4/2"


def test_country_is_the_index_before_its_number():
    (item,) = items([casa(index="Saudi_Arabia_12")])
    assert isinstance(item, ItemRecord)
    assert item.country == "Saudi Arabia"


@pytest.mark.parametrize("missing", ["index", "query"])
@pytest.mark.parametrize("blank", [None, "", "   ", []])
def test_a_record_without_index_or_query_is_refused(missing, blank):
    (entry,) = items([casa(**{missing: blank})])
    assert entry == Refusal(entry.record, f"has no {missing}")


def test_a_record_without_norm_enters_with_a_warning():
    record = casa(violated_norm=" ")
    assert "violated_norm" in codes(record)["field_missing"]
    (item,) = items([record])
    assert isinstance(item, ItemRecord)
    assert item.norm is None


def test_raw_and_texts_stay_as_they_were():
    record = casa(query="  Curly “quotes”, a zero-width\u200cjoiner  and doubled  blanks ", extra={"deep": [1]})
    (item,) = items([record])
    assert isinstance(item, ItemRecord)
    assert item.raw == record
    assert item.query == record["query"]


@pytest.mark.parametrize(
    ("country", "query"),
    [
        ("Iran_1", "What do I bring my Iranian host?"),
        ("Iran_1", "در ایران چه هدیه‌ای ببرم؟"),
        ("Iran_1", "برای دوست ایرانی‌ام"),
        ("Egypt_2", "ماذا أرتدي في مصر؟"),
        ("China_1", "我在中国要送什么礼物？"),
        ("Russia_1", "Что подарить русскому другу?"),
        ("India_1", "भारतीय मित्र के लिए"),
        ("Thailand_1", "ใส่อะไรไปวัดไทย"),
        ("Ethiopia_1", "በኢትዮጵያ ምን ልስጥ"),
        ("India_1", "हिन्दुस्तान में"),
        ("France_1", "mi suegra francesa"),
        ("Mexico_1", "mi suegra mexicana"),
    ],
)
def test_no_warning_for_a_query_that_names_its_own_country(country, query):
    found = codes(casa(index=country, query=query))
    assert "country_mismatch" not in found
    assert "country_not_named" not in found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Which gift do I take to Japan?", "country_mismatch"),
        ("¿Qué llevo a México?", "country_mismatch"),
        ("Which gift suits my hostess?", "country_not_named"),
        ("A franchise in San Francisco", "country_not_named"),
        # An adjective, porcelain and a nut name no other country.
        ("Which of these French fries, fine china cups and Brazil nuts shall I take?", "country_not_named"),
        # Sugar in Hindi begins like China.
        ("चीनी वाली चाय", "country_not_named"),
    ],
)
def test_another_country_is_a_mismatch_only_where_it_is_named(query, code):
    found = codes(casa(index="Morocco_4", query=query))
    assert {"country_mismatch", "country_not_named"} & found.keys() == {code}


def test_language_labels_are_read_and_odd_ones_marked():
    def language(label: str) -> tuple[str, bool]:
        record = casa(language=label, translated_query="En Marruecos, ¿qué llevo?")
        (item,) = items([record], TRANSLATED)
        assert isinstance(item, ItemRecord)
        return item.language, "language_alias" in dict(item.warnings)

    assert language("Spanish") == ("es", False)
    assert language("Farsi") == ("fa", True)
    assert language("Arabic.") == ("ar", True)
    assert language("Klingon") == ("und", True)


def test_a_source_of_another_stock_photo_is_marked():
    page = "https://www.pexels.com/photo/two-glasses-1549195/"
    other, same = "images/casa/pexels-someone-3171815.jpg", "images/casa/pexels-someone-1549195.jpg"
    assert "image_source_mismatch" in codes(casa(image_source=page, file_name=other))
    assert "image_source_mismatch" not in codes(casa(image_source=page, file_name=same))
    assert "image_source_mismatch" not in codes(casa(image_source="self", file_name=other))


def test_blanks_around_the_item_are_marked_not_cleaned():
    assert "item_padded" in codes(casa(item="Wine "))
    assert "item_padded" not in codes(casa(item="Red wine"))


@pytest.mark.parametrize(
    ("file_name", "path"),
    [
        ("https://example.org/cross/refs/heads/main/images/casa/a,%20B.PNG", "images/casa/a, B.PNG"),
        ("/home/someone/cross/images/casa/a.png", "images/casa/a.png"),
        ("images/sample/a.webp", "images/sample/a.webp"),
        ("a.webp", "a.webp"),
    ],
)
def test_picture_paths_are_found_inside_the_source(file_name, path):
    assert normalised_path(file_name) == (path, None)


@pytest.mark.parametrize(
    "file_name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "images/../../secret.png",
        "https://example.org/main/%2e%2e/%2e%2e/etc/passwd",
        "C:\\Windows\\win.ini",
        "\\\\server\\share\\a.png",
        "a\0.png",
        "~/secret.png",
    ],
)
def test_picture_paths_that_leave_the_folder_are_refused(file_name):
    assert normalised_path(file_name) == (None, "its path leaves the folder")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"index": "a"}', "an object where a list"),
        (b"[1, 2", "line 1, column"),
        (b"[\xff]", "not valid UTF-8 at byte 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "no usable JSON"),
        (b"[NaN]", "NaN is no JSON number"),
        (b"", "line 1"),
        (b"PK\x03\x04...", "Unpack it"),
    ],
)
def test_unreadable_files_say_what_is_wrong(content, words):
    with pytest.raises(BenchmarkFormatError, match="f.json") as problem:
        read_records(content, "f.json")
    assert words in str(problem.value)


def test_a_byte_order_mark_is_accepted():
    assert read_records(b"\xef\xbb\xbf[]", "f.json") == []


@given(st.binary(max_size=400))
def test_any_bytes_give_records_or_a_clear_problem(content):
    try:
        outcome: object = read_records(content, "f.json")
    except BenchmarkFormatError as problem:
        outcome = str(problem)
    assert isinstance(outcome, list) or "f.json" in str(outcome)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.sampled_from([*casa(), "language", "translated_query", "country", "domain", "region_or_race"])


@given(st.lists(st.dictionaries(_FIELDS, _VALUES, max_size=10) | _VALUES, max_size=5))
def test_any_json_records_give_items_or_refusals(records):
    for meaning in (ENGLISH, TRANSLATED):
        entries = items(json.loads(json.dumps(records)), meaning)
        assert len(entries) == len(records)
        assert all(entry.item_id.isascii() for entry in entries if isinstance(entry, ItemRecord))


def test_half_a_surrogate_and_nul_are_refused():
    for bad in ("\ud800", "\x00"):
        (entry,) = items([json.loads(json.dumps(casa(query=f"a{bad}b")))])
        assert isinstance(entry, Refusal)
        assert "no text" in entry.reason


def test_the_place_in_a_checkout_tells_what_a_file_is():
    def meaning(place: str) -> FileMeaning:
        return meaning_of(PurePath(place), [casa()])

    assert meaning("data/casa/english.json") == ENGLISH
    assert meaning("generation_results/multilingual/safeworld/results_gpt-4o_r2.json") == FileMeaning(
        "responses", "safeworld", "multilingual", "gpt-4o", 2
    )
    assert meaning("evaluation_results/english/casa/results_a_b_r1.json").kind == "judgements"


def test_fields_tell_what_a_file_of_a_flat_folder_is():
    flat = PurePath("whatever.json")
    assert meaning_of(flat, [casa()]) == ENGLISH
    assert meaning_of(flat, [casa(translated_query="x", language="Arabic")]) == TRANSLATED
    assert meaning_of(flat, [casa() | {"violated_specific_norm": "x"}]).subset == "safeworld"


@pytest.mark.parametrize(
    ("place", "records", "words"),
    [
        ("data/other/english.json", [casa()], "subset 'other' is not known"),
        ("data/casa/klingon.json", [casa()], "setting 'klingon' is not known"),
        ("flat.json", [{"index": "a", "query": "b"}], "subset cannot be told"),
        ("flat.json", [], "subset cannot be told"),
        ("flat.json", [casa(model_response="x")], "must be named results_"),
    ],
)
def test_what_cannot_be_told_is_said(place, records, words):
    with pytest.raises(BenchmarkFormatError, match=words):
        meaning_of(PurePath(place), records)


def test_a_file_in_which_no_record_has_a_norm_is_known_by_its_indexes():
    bare = {"index": "Japan_1", "query": "I am in Japan. Which one?"}
    assert meaning_of(PurePath("flat.json"), [bare]) == ENGLISH
    assert meaning_of(PurePath("flat.json"), [bare | {"country": "Japan"}]).subset == "safeworld"


@pytest.mark.parametrize("field", ["index", "country", "region_or_race"])
def test_a_field_of_absurd_length_is_refused(field):
    (entry,) = items([casa(**{field: "x" * 1000})])
    assert isinstance(entry, Refusal)
    assert "longer than" in entry.reason


def test_six_letters_that_look_like_nul_are_text():
    (entry,) = items([casa(query="In Morocco: \\u0000?")])
    assert isinstance(entry, ItemRecord)


def test_norms_are_equal_without_case_punctuation_and_spacing():
    assert normalised_norm("In Japan, “wa” —  matters!") == normalised_norm("in japan wa matters")
    assert normalised_norm("wa matters") != normalised_norm("wa mattered")


def test_a_failed_call_is_no_text():
    assert is_failed_call("ERROR: The API call failed.")
    assert not is_failed_call("An ERROR: message in a sentence")


@pytest.mark.parametrize("field", ["query", "violated_norm", "root_norm", "image_alt"])
def test_a_text_that_would_slow_every_search_is_refused_and_a_long_one_is_not(field):
    (entry,) = items([casa(**{field: "x" * 20_001})])
    assert isinstance(entry, Refusal)
    assert entry.reason == f"its {field} is longer than 20,000 characters"
    (entry,) = items([casa(**{field: "x" * 20_000})])
    assert isinstance(entry, ItemRecord)


def test_a_translated_question_has_the_same_bound():
    (entry,) = items([casa(translated_query="x" * 20_001, language="Persian")], TRANSLATED)
    assert isinstance(entry, Refusal)
    assert entry.reason == "its translated_query is longer than 20,000 characters"

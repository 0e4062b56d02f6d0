"""Text from data is inert wherever Streamlit or plotly would read it."""

import pytest

from pages.components.plain import plain, visible


def test_punctuation_is_escaped_for_markdown():
    assert plain("**a** [b](c)") == r"\*\*a\*\* \[b\]\(c\)"


@pytest.mark.parametrize(
    "text", ["https://evil.example", "www.evil.example", ":material/home:", ":red[x]", "a@b.example"]
)
def test_what_is_looked_for_after_parsing_is_parted(text):
    shown = plain(text).replace("\\", "")
    assert shown != text
    assert shown.replace("\u2060", "") == text


def test_plotly_reads_no_tag():
    assert plain("<b>&</b>", "plotly") == "&lt;b&gt;&amp;&lt;/b&gt;"


def test_direction_controls_are_seen_instead_of_obeyed():
    assert visible("model\u202egnp.exe") == "model[U+202E]gnp.exe"
    assert plain("a\nb\x00c") == "a b\ufffdc"


def test_a_persian_joiner_stays():
    assert visible("هدیه\u200cای") == "هدیه\u200cای"


def test_a_text_of_any_length_is_a_label_of_few_words():
    assert len(plain("word " * 200_000)) < 1_100
    assert plain("word " * 200_000).endswith("…")

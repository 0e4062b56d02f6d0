"""A report -> one HTML file: no script, nothing fetched, every text from data escaped. Pure: contents in, text out."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.report.contents import Report
from core.words import visible

_TEMPLATES = Path(__file__).parent / "templates"
# No name or sentence needs more; a text of a megabyte would fill the file.
_LONGEST = 1500


def rendered(report: Report) -> str:
    """Return the report as HTML."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    # The browser is told to apply this style and nothing else, even if an escape were ever forgotten.
    policy = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template("report.html").render(report=report, style=Markup(style), policy=policy)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(shown: object) -> object:
    """Return text whose direction and control characters show as marks; what is no text, or our own markup, as is."""
    if not isinstance(shown, str) or isinstance(shown, Markup):
        return shown
    text = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return visible(text)

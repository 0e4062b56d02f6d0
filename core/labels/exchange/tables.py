"""Labels as flat rows (JSONL, CSV), one a label or one an expert's four answers, there and back. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.csv_text import Cell, csv_text
from core.labels.exchange.checks import UnusableError, entry_of, json_value, target_of
from core.labels.exchange.shapes import LabelEntry, LabelRecord, Task
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS

# The contract's fields, in its order; those of the last line grew later.
FIELDS = (
    *("item_id", "response_id", "dimension", "expert", "phase", "score", "cant_say", "confidence", "reason"),
    *("language_shown", "translation_shown", "inclusion_probability", "opened_at", "submitted_at", "superseded"),
    *("locked", "pool"),
)
_RESPONSE = ("response_model", "setting", "response_round")
# Beside what other tools write, these are the fields of our own exports.
_USUAL_NAMES = {
    "item_id": ("item_id", "item"),
    "response_model": ("response_model", "model", "model_name"),
    "response_round": ("response_round", "round"),
    "text": ("text", "response", "response_text", "model_response"),
    "expert": ("expert", "rater", "annotator", "labeler", "user", "user_id", "completed_by"),
    "score": ("score", "answer", "label", "value"),
    "reason": ("reason", "comment"),
}
_AS_NAMED = (
    *("response_id", "setting", "dimension", "cant_say", "phase", "confidence", "pool", "language_shown"),
    *("translation_shown", "inclusion_probability", "opened_at", "submitted_at", "superseded"),
)


def label_record(label: LabelRecord) -> dict[str, Any]:
    """Return one label in the fields of the export format."""
    return {name: json_value(getattr(label, name)) for name in FIELDS}


def jsonl_pieces(labels: Iterable[LabelRecord]) -> Iterator[str]:
    """Yield the lines of a JSONL file."""
    for label in labels:
        yield json.dumps(label_record(label), ensure_ascii=False) + "\n"


def csv_pieces(tasks: Iterable[Task]) -> Iterator[str]:
    """Yield a CSV file, whole, a row for each label; it names the response so that another workspace finds it too."""
    rows = (
        [_cell(value) for value in label_record(label).values()] + [getattr(task, name) for name in _RESPONSE]
        for task in tasks
        for label in task.labels
    )
    # With a byte order mark: without one, Excel reads names in other scripts as something else.
    yield "\ufeff" + csv_text((*FIELDS, *_RESPONSE), rows)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - a JSON value
    return str(value).lower() if isinstance(value, bool) else value


def flat_entries(records: Iterable[tuple[int, Any]]) -> Iterator[LabelEntry | RefusedRow]:
    """Yield the labels of flat records with their rows, and what is none with the reason."""
    for row, record in records:
        if not isinstance(record, dict):
            yield RefusedRow(row, "is no object with names and values")
            continue
        raw = _canonical(record)
        try:
            target = target_of(raw)
        except UnusableError as problem:
            yield RefusedRow(row, str(problem))
            continue
        for values in _labels_in(raw):
            try:
                yield entry_of(row, values, target)
            except UnusableError as problem:
                yield RefusedRow(row, str(problem))


def _canonical(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values under the names of the export format."""
    named = {re.sub(r"[\s-]+", "_", name.strip().lower()): value for name, value in list(record.items())[::-1]}
    raw = {name: named[name] for name in (*_AS_NAMED, *DIMENSIONS) if name in named}
    for name, usual in _USUAL_NAMES.items():
        found = next((known for known in usual if known in named), None)
        if found is not None:
            raw[name] = named[found]
    return raw


def _labels_in(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the values of each label; a row without a dimension may hold an answer to each, under its name."""
    wide = [name for name in DIMENSIONS if raw.get(name) not in (None, "")]
    if "dimension" in raw or not wide:
        yield raw
        return
    for name in wide:
        answer = raw[name]
        # Label Studio's short form has a list or an object where several choices may be picked.
        choices = answer.get("choices") if isinstance(answer, dict) else answer
        single = choices[0] if isinstance(choices, list) and len(choices) == 1 else choices
        yield raw | {"dimension": name, "score": single, "cant_say": None}

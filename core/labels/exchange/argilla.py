"""Labels as Argilla's records: experts' labels as responses, a judge's scores as suggestions, and back. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from core.labels.exchange.checks import UnusableError, details, entry_of, parsed, same_text, target_of
from core.labels.exchange.shapes import ANSWER_TITLES, LabelEntry, Target, Task
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS, RUBRIC

_TEXTS = {"question": "Question", "norm": "Norm", "response": "Response"}


def argilla_settings() -> str:
    """Return the settings (JSON) of a dataset that shows such records: its fields and four label questions."""
    fields = [
        {
            "name": name,
            "title": title,
            "required": name == "response",
            "settings": {"type": "text", "use_markdown": False},
        }
        for name, title in _TEXTS.items()
    ]
    picture = {"name": "image", "title": "Picture", "required": False, "settings": {"type": "image"}}
    settings = {
        "guidelines": "Four questions about each response. Answer what you see, not what others may think.",
        "fields": [picture, *fields],
        "questions": _questions(),
        "vectors": [],
        "metadata": [],
        "allow_extra_metadata": True,
    }
    return json.dumps(settings, ensure_ascii=False, indent=2) + "\n"


def _questions() -> list[dict[str, Any]]:
    options = [{"value": answer, "text": title, "description": None} for answer, title in ANSWER_TITLES.items()]
    return [
        {
            "name": words.name,
            "title": f"{words.title}: {words.asks}?",
            "description": words.meaning,
            "required": True,
            "settings": {"type": "label_selection", "options": options, "visible_options": None},
        }
        for words in RUBRIC.values()
    ]


def argilla_pieces(tasks: Iterable[Task]) -> Iterator[str]:
    """Yield the lines of a JSONL file, one record each."""
    held = list(tasks)
    versions = Counter(found.version for task in held for found in task.judge_scores)
    # A question of a record takes one suggestion: that of the judge that scored most, by name where it is a tie.
    judge = min(versions, key=lambda version: (-versions[version], version), default=None)
    for task in held:
        yield json.dumps(_record(task, judge), ensure_ascii=False) + "\n"


def _record(task: Task, judge: str | None) -> dict[str, Any]:
    texts = {"question": task.question, "norm": task.norm or "", "response": task.text}
    identity = ("item_id", "response_id", "response_model", "setting", "response_round", "country", "language")
    labels = [
        {"expert": label.expert, "dimension": label.dimension, "answer": label.answer}
        | details(label)
        | {"superseded": label.superseded}
        for label in task.labels
    ]
    return {
        "id": f"response-{task.response_id}",
        "fields": ({"image": f"images/{task.image}"} if task.image else {}) | texts,
        "metadata": {name: getattr(task, name) for name in identity if getattr(task, name) is not None}
        | {"labels": json.dumps(labels, ensure_ascii=False)},
        "suggestions": {
            found.dimension: {"value": "yes" if found.score else "no", "score": None, "agent": found.version}
            for found in task.judge_scores
            if found.version == judge and found.score is not None
        },
        "responses": _responses(task),
        "vectors": {},
    }


def _responses(task: Task) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for label in task.labels:
        if not label.superseded:
            status = "submitted" if label.locked else "draft"
            answer = {"value": label.answer, "user_id": label.expert, "status": status}
            found.setdefault(label.dimension, []).append(answer)
    return found


def argilla_entries(records: Iterable[tuple[int, Any]]) -> Iterator[LabelEntry | RefusedRow]:
    """Yield the labels among the responses of records, and what is none with the reason; suggestions stay out."""
    for row, record in records:
        try:
            target, answers = _read(record)
            stories = _stories(record["metadata"].get("labels")) if isinstance(record.get("metadata"), dict) else []
        except UnusableError as problem:
            yield RefusedRow(row, str(problem))
            continue
        for values in _with_stories(answers, stories):
            if values.get("status") == "discarded":
                yield RefusedRow(row, "was discarded there")
                continue
            try:
                yield entry_of(row, values, target)
            except UnusableError as problem:
                yield RefusedRow(row, str(problem))


def _read(record: Any) -> tuple[Target, list[dict[str, Any]]]:  # noqa: ANN401 - a parsed JSON value
    fields = record.get("fields") if isinstance(record, dict) else None
    if not isinstance(fields, dict):
        raise UnusableError("is no record: it has no fields")
    metadata = record.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    target = target_of(named | {"text": fields.get("response", fields.get("text"))})
    responses = record.get("responses") or {}
    if not isinstance(responses, dict):
        raise UnusableError("its responses are no object")
    answers = []
    for dimension in DIMENSIONS:
        held = responses.get(dimension) or []
        if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
            raise UnusableError(f"its responses on {dimension} are no list of objects")
        answers += [
            {
                "dimension": dimension,
                "expert": one.get("user_id"),
                "score": one.get("value"),
                "status": one.get("status"),
            }
            for one in held
        ]
    return target, answers


def _stories(written: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a parsed JSON value
    """Return what our own export tells beside the answers, in the order the labels were saved."""
    held = parsed(written) if isinstance(written, str) else []
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _with_stories(answers: list[dict[str, Any]], stories: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the values of each label, earlier versions first; a story of another answer does not hold for this one."""
    for story in stories:
        if story.get("superseded") is True:
            yield story | {"score": story.get("answer")}
    for answer in answers:
        named = ("dimension", "expert")
        same = [
            story
            for story in stories
            if story.get("superseded") is False
            and all(same_text(story.get(name), answer[name]) for name in named)
            and same_text(story.get("answer"), answer["score"])
        ]
        yield (same[0] if same else {}) | answer

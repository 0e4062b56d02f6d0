"""Labels as Label Studio's JSON: experts' labels as annotations, judges' scores as predictions, and back. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from core.labels.exchange.checks import UnusableError, details, entry_of, same_text, target_of
from core.labels.exchange.shapes import ANSWER_TITLES, Answer, LabelEntry, LabelRecord, Target, Task
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS, RUBRIC

# Label Studio knows people by their e-mail address; the domain is reserved for names that lead nowhere.
_DOMAIN = "@experts.invalid"
_IMAGES = "/data/local-files/?d=images/"


def labeling_config() -> str:
    """Return the labeling config (XML) that shows such tasks: the item, the response and the four questions."""
    questions = "\n".join(
        f'  <Header value={quoteattr(f"{words.title}: {words.asks}?")} size="4"/>\n'
        f'  <Choices name="{words.name}" toName="response" choice="single" required="true" showInline="true">\n'
        + "\n".join(
            f'    <Choice value={quoteattr(title)} alias="{answer}"/>' for answer, title in ANSWER_TITLES.items()
        )
        + "\n  </Choices>"
        for words in RUBRIC.values()
    )
    return f"""<View>
  <Image name="image" value="$image"/>
  <Header value="Question" size="4"/>
  <Text name="question" value="$question"/>
  <Header value="Norm" size="4"/>
  <Text name="norm" value="$norm"/>
  <Header value="Response" size="4"/>
  <Text name="response" value="$response"/>
{questions}
</View>
"""


def label_studio_pieces(tasks: Iterable[Task]) -> Iterator[str]:
    """Yield a JSON file, one task a line."""
    before = "[\n"
    for task in tasks:
        yield before + json.dumps(_task(task), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _task(task: Task) -> dict[str, Any]:
    return {
        "data": {
            "image": _IMAGES + task.image if task.image else "",
            "question": task.question,
            "norm": task.norm or "",
            "country": task.country or "",
            "language": task.language,
            "response": task.text,
            "item_id": task.item_id,
            "response_id": task.response_id,
            "response_model": task.response_model,
            "setting": task.setting,
            "response_round": task.response_round,
        },
        "annotations": [_annotation(task, expert, labels) for expert, labels in task.experts.items()],
        "predictions": _predictions(task),
    }


def _annotation(task: Task, expert: str, labels: list[LabelRecord]) -> dict[str, Any]:
    return {
        "completed_by": {"email": expert + _DOMAIN},
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": min(label.submitted_at for label in labels).isoformat(),
        "updated_at": max(label.submitted_at for label in labels).isoformat(),
        "result": [
            _result(task, label.dimension, label.answer, f"{task.response_id}-{expert}")
            | {"meta": {"answer": label.answer, **details(label)}}
            for label in labels
            if not label.superseded
        ],
        "earlier": [
            {"dimension": label.dimension, "answer": label.answer, **details(label)}
            for label in labels
            if label.superseded
        ],
    }


def _predictions(task: Task) -> list[dict[str, Any]]:
    results: dict[str, list[dict[str, Any]]] = {}
    for found in task.judge_scores:
        held = results.setdefault(found.version, [])
        if found.score is not None:
            answer: Answer = "yes" if found.score else "no"
            held.append(_result(task, found.dimension, answer, f"{task.response_id}-{found.version}"))
    return [{"model_version": version, "score": None, "result": result} for version, result in results.items()]


def _result(task: Task, dimension: str, answer: Answer, name: str) -> dict[str, Any]:
    return {
        "id": f"{name}-{dimension}",
        "from_name": dimension,
        "to_name": "response",
        "type": "choices",
        "value": {"choices": [answer]},
    }


def label_studio_entries(tasks: Iterable[tuple[int, Any]]) -> Iterator[LabelEntry | RefusedRow]:
    """Yield the labels among the annotations of tasks, and what is none with the reason; predictions stay out."""
    for row, task in tasks:
        try:
            data = task.get("data") if isinstance(task, dict) else None
            if not isinstance(data, dict):
                raise UnusableError("is no task: it has no data")
            target = target_of(data | {"text": data.get("response", data.get("text"))})
            annotations = task.get("annotations") or []
            if not isinstance(annotations, list):
                raise UnusableError("its annotations are no list")
        except UnusableError as problem:
            yield RefusedRow(row, str(problem))
            continue
        for annotation in annotations:
            yield from _entries_of(row, annotation, target)


def _entries_of(row: int, annotation: Any, target: Target) -> Iterator[LabelEntry | RefusedRow]:  # noqa: ANN401 - JSON
    if not isinstance(annotation, dict):
        yield RefusedRow(row, "one of its annotations is no object")
        return
    if annotation.get("was_cancelled"):
        yield RefusedRow(row, "was skipped there")
        return
    # Whose label it is shows there; a field that nobody sees never says otherwise.
    shared = {"expert": _rater(annotation.get("completed_by"))}
    for values in _values_in(annotation):
        try:
            yield entry_of(row, values | shared, target)
        except UnusableError as problem:
            yield RefusedRow(row, str(problem))


def _values_in(annotation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the values of each label of an annotation, earlier versions first."""
    for earlier in _objects(annotation.get("earlier")):
        yield earlier | {"score": earlier.get("answer"), "superseded": True}
    for result in _objects(annotation.get("result")):
        if result.get("from_name") not in DIMENSIONS:
            continue
        value = result.get("value")
        choices = value.get("choices") if isinstance(value, dict) else None
        answer = choices[0] if isinstance(choices, list) and len(choices) == 1 else choices
        meta = result.get("meta")
        told = {"submitted_at": annotation.get("updated_at") or annotation.get("created_at")}
        # What was said about another answer, of being blind above all, does not hold for one changed there.
        if isinstance(meta, dict) and same_text(meta.get("answer"), answer):
            told = meta
        yield told | {"dimension": result["from_name"], "score": answer, "superseded": False}


def _objects(held: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a parsed JSON value
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _rater(completed_by: Any) -> Any:  # noqa: ANN401 - a parsed JSON value
    """Return who made an annotation: an address, a number or a name."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return completed_by.removesuffix(_DOMAIN) if isinstance(completed_by, str) else completed_by

"""Made-up workspaces for tests of numbers: items, responses, words of judges, labels; and their plain recomputation."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from sqlmodel import Session

from core.benchmark.export import item_records
from core.judges import settled_judge
from core.judging.export import judgement_records
from core.measures.statistics import clustered_mean
from core.models import Item, Judgement, Label, LockedResponse, Person, Response
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND
from tests.builders import build_item, build_person, build_response

VERSION = "one-call-1"


def build_word(session: Session, response: Response, dimension: str, score: int | None, **given: object) -> Judgement:
    """Add one judgement of judge-a, who is added if new."""
    values: dict[str, object] = {"judge": "judge-a", "judge_model": "m", "judge_round": 1, "prompt_version": VERSION}
    values |= {"status": "unreadable" if score is None else "scored"} | given
    settled_judge(session, name=str(values["judge"]), model="m", prompt_version=VERSION)
    row = Judgement(response_id=response.id, dimension=dimension, score=score, **values)
    session.add(row)
    session.flush()
    return row


def build_label(session: Session, person: Person, response: Response, score: int | None, **given: object) -> Label:
    """Add a locked blind label of somebody from the country, on compliance; a score of None is "can't say"."""
    values: dict[str, object] = {"dimension": "compliance", "phase": "blind", "pool": "from", "language_shown": "en"}
    row = Label(
        person_id=person.id,
        response_id=response.id,
        form_id=str(random.random()),
        score=score,
        cant_say=score is None,
        **(values | given),
    )
    session.add(row)
    if session.get(LockedResponse, (person.id, response.id)) is None:
        session.add(LockedResponse(person_id=person.id, response_id=response.id))
    session.flush()
    return row


def build_scored(session: Session, marks: str, *, families: int, model: str = "m-1", **item: object) -> None:
    """Add one response per mark (1, 0 or - on all dimensions of judge-a), spread over so many families in turn."""
    for number, mark in enumerate(marks):
        held = build_item(session, family_id=f"{item.get('country', 'Morocco')}-{number % families:03}", **item)
        response = build_response(session, held, model=model)
        for dimension in DIMENSIONS:
            build_word(session, response, dimension, None if mark == "-" else int(mark))


def lead(session: Session) -> Person:
    return build_person(session, role="lead")


def build_random(session: Session, seed: int) -> None:
    """Add two judges' words, 30 % of them without a score, in several rounds, with drift rounds and old versions."""
    rng = random.Random(seed)
    for judge in ("judge-a", "judge-b"):
        settled_judge(session, name=judge, model="m", prompt_version=VERSION)
    for number in range(60):
        country = rng.choice(["Iran", "Peru", "Chad", None])
        item = build_item(
            session,
            country=country,
            language=rng.choice(["en", "fa"]),
            domain=rng.choice(["shopping", "outdoor", None]),
            region=rng.choice(["North", None]),
            subset=rng.choice(["casa", "safeworld"]),
            split=rng.choice(["held_out", "training_pool"]),
            family_id=f"{country}-{number % 45:02}",
        )
        for model in ("m-1", "m-2"):
            for setting in ("english", "translation", "text-only"):
                for round_ in (1, 2):
                    if rng.random() < 0.5:
                        response = build_response(session, item, model=model, setting=setting, round=round_)
                        _random_words(session, response, rng)


def _random_words(session: Session, response: Response, rng: random.Random) -> None:
    for judge in ("judge-a", "judge-b"):
        for judge_round in (1, 2, LAST_SCORING_ROUND + 1):
            for dimension in DIMENSIONS:
                own = {"response_id": response.id, "dimension": dimension, "judge": judge, "judge_round": judge_round}
                if judge_round == 1 or rng.random() < 0.4:
                    score = None if rng.random() < 0.3 else rng.randrange(2)
                    session.add(Judgement(**own, judge_model="m", prompt_version=VERSION, score=score))
                if rng.random() < 0.1:
                    session.add(Judgement(**own, judge_model="m", prompt_version="older", score=rng.randrange(2)))


# One response on one dimension as exported rows tell it: keys, family, scores and weight.
Row = tuple[dict[str, object], str, list[int | None], float]


def judged_rows(session: Session, judge: str, *, version: str = VERSION) -> list[Row]:
    """Return by plain Python what a judge says of each response with a prompt version, from the exported records."""
    items = {record["item_id"]: record for record in item_records(session)}
    words: defaultdict[tuple[int, str], list[dict]] = defaultdict(list)
    for record in judgement_records(session):
        is_word = record["judge"] == judge and record["prompt_version"] == version
        if is_word and record["judge_round"] <= LAST_SCORING_ROUND:
            words[record["response_id"], record["dimension"]].append(record)
    rows: list[Row] = []
    for (_, dimension), held in words.items():
        item, first = items[held[0]["item_id"]], held[0]
        own = {"model": first["response_model"], "setting": first["setting"], "round": first["response_round"]}
        keys = {**item, **own, "dimension": dimension}
        rows.append((keys, item["family_id"], [word["score"] for word in held], 1.0))
    return rows


def recomputed(rows: Sequence[Row], by: Sequence[str], wanted: Callable[[dict], bool]) -> dict[tuple, tuple]:
    """Return by key n, unscored, families, mean, low, high and method, one response after another."""
    found: defaultdict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        if wanted(row[0]):
            found[tuple(row[0][key] for key in by)].append(row)
    return {key: _figures(held) for key, held in found.items()}


def _figures(rows: Sequence[Row]) -> tuple:
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    n = unscored = 0
    for _, family, scores, weight in rows:
        scored = [score for score in scores if score is not None]
        if not scored:
            unscored += 1
            continue
        n += 1
        sums[family][0] += weight * sum(scored) / len(scored)
        sums[family][1] += weight
    families = [sums[family] for family in sorted(sums)]
    told = clustered_mean([one[0] for one in families], [one[1] for one in families], bounds=(0.0, 1.0))
    return n, unscored, len(families), told.value, told.low, told.high, told.method


def item_of(session: Session, response: Response) -> Item:
    return session.get_one(Item, response.item_id)

"""Made-up workspaces for tests of agreement, and how agreement is worked out plainly, one answer after another."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from sqlmodel import Session, col, select

from core.benchmark.export import item_records
from core.labels.standing import label_records
from core.measures.statistics import clustered_mean
from core.models import Person, Response, utc_now
from core.rubric import DIMENSIONS
from tests.builders import build_background, build_item, build_person, build_response
from tests.score_builders import build_label, build_random, build_word, judged_rows

POOL_OF = ("from", "from", "from", "knows", "knows", "outside")


@dataclass(frozen=True)
class Answer:
    """One response on one dimension: keys, family, weight, the judge's scores, labels by (expert, pool)."""

    keys: dict[str, object]
    family: str
    weight: float
    judge: list[int | None]
    labels: dict[tuple[str, str], int | None]

    @property
    def judged(self) -> list[int]:
        return [score for score in self.judge if score is not None]

    def said(self, *pools: str) -> list[int]:
        return [score for (_, pool), score in self.labels.items() if pool in pools and score is not None]


def build_labelled(session: Session, seed: int) -> dict[str, str]:
    """Add random scores of two judges and blind labels by six experts; return the pool of each, by pseudonym.

    Some labels are revised, taken back, not locked yet, unblinded or "can't say"; one more expert has withdrawn.
    """
    build_random(session, seed)
    rng = random.Random(seed)
    experts = [build_person(session) for _ in POOL_OF]
    gone = build_person(session)
    build_background(session, gone, withdrawn_at=utc_now())
    for response in session.exec(select(Response).order_by(col(Response.id))).all():
        if rng.random() < 0.4:
            likely = {"inclusion_probability": rng.choice([0.1, 0.5, None])}
            for expert, pool in rng.sample(list(zip(experts, POOL_OF, strict=True)), rng.randrange(1, 6)):
                _label(session, expert, response, rng, pool=pool, **likely)
            build_label(session, gone, response, 0)
    return {expert.pseudonym: pool for expert, pool in zip(experts, POOL_OF, strict=True)}


def _label(session: Session, expert: Person, response: Response, rng: random.Random, **given: object) -> None:
    for dimension in DIMENSIONS:
        given |= {"dimension": dimension}
        score = None if rng.random() < 0.2 else int(rng.random() < 0.7)
        build_label(session, expert, response, score, **given)
        chance = rng.random()
        if chance < 0.1:
            build_label(session, expert, response, 1, **(given | {"phase": "revised"}))
        elif chance < 0.2:
            build_label(session, expert, response, 0, **(given | {"retracted": True}))
        elif chance < 0.3:
            build_label(session, expert, response, 0, **(given | {"phase": "unblinded"}))


def build_agreeing(
    session: Session, judge: str, *experts: str, families: int = 12, country: str = "Morocco", **given: object
) -> list[Response]:
    """Add one response per mark of judge-a on compliance (1, 0, - for none), and the marks of each expert, from there.

    Responses are spread over so many families in turn.
    """
    people = [build_person(session) for _ in experts]
    found = []
    for number, mark in enumerate(judge):
        item = build_item(session, country=country, family_id=f"{country}-{number % families:03}")
        found.append(build_response(session, item, model="m-1"))
        if mark != "-":
            build_word(session, found[-1], "compliance", int(mark))
        for person, marks in zip(people, experts, strict=True):
            if marks[number] != "-":
                build_label(session, person, found[-1], None if marks[number] == "?" else int(marks[number]), **given)
    return found


def answers(session: Session, judge: str, pool_of: dict[str, str]) -> list[Answer]:
    """Return by plain Python what a judge and experts say of each labelled response, from the exported records."""
    items = {record["item_id"]: record for record in item_records(session)}
    scores = {(keys["dimension"], keys["response"]): held for keys, held in _judged(session, judge)}
    labels, likely = _blind(session, pool_of)
    found = []
    for (response_id, dimension), held in labels.items():
        response = session.get_one(Response, response_id)
        item = items[response.item_id]
        own = {"model": response.model, "setting": response.setting, "round": response.round, "dimension": dimension}
        weight = 1 / (likely.get(response_id) or 1)
        judged = scores.get((dimension, response_id), [])
        found.append(Answer({**item, **own}, item["family_id"], weight, judged, held))
    return found


def _judged(session: Session, judge: str) -> list[tuple[dict[str, object], list[int | None]]]:
    by_facts = {(one.item_id, one.model, one.setting, one.round): one.id for one in session.exec(select(Response))}
    told = []
    for keys, _, scores, _ in judged_rows(session, judge):
        place = by_facts[keys["item_id"], keys["model"], keys["setting"], keys["round"]]  # type: ignore[index]
        told.append(({"dimension": keys["dimension"], "response": place}, scores))
    return told


def _blind(
    session: Session, pool_of: dict[str, str]
) -> tuple[dict[tuple[int, str], dict[tuple[str, str], int | None]], dict[int, float]]:
    """Return by response and dimension who said what before seeing the judge, and how likely responses were drawn."""
    newest: dict[tuple[int, str, str], dict] = {}
    revised = set()
    for record in label_records(session):
        key = record["response_id"], record["dimension"], record["expert"]
        if record["phase"] == "revised":
            revised.add(key)
        elif record["expert"] in pool_of:
            newest[key] = record
    found: defaultdict[tuple[int, str], dict[tuple[str, str], int | None]] = defaultdict(dict)
    likely: dict[int, float] = {}
    for key, record in newest.items():
        was_taken_back = record["superseded"] and key not in revised
        if record["phase"] != "blind" or was_taken_back:
            continue
        found[key[:2]][key[2], pool_of[key[2]]] = record["score"]
        if record["inclusion_probability"]:
            likely[key[0]] = max(likely.get(key[0], 0.0), record["inclusion_probability"])
    return found, likely


@dataclass(frozen=True)
class Plain:
    """What plain Python makes of a cell: n, families, percentage with interval, kappa, alpha, AC1, and the shares."""

    n: int
    families: int
    percent: tuple[float | None, float | None, float | None]
    kappa: float | None
    alpha: float | None
    ac1: float | None
    shares: list[list[float]]


# Per answer: its family, its weight, and pairs of scores that are each one comparison.
Pairs = list[tuple[str, float, list[tuple[float, float]]]]


def judge_pairs(held: Sequence[Answer]) -> Pairs:
    return [
        (one.family, one.weight, [(mine, score) for mine in one.judged for score in one.said("from")])
        for one in held
        if one.judged and one.said("from")
    ]


def between_pairs(held: Sequence[Answer], first: str, second: str) -> Pairs:
    return [
        (one.family, one.weight, [(mine, theirs) for mine in one.said(first) for theirs in one.said(second)])
        for one in held
        if one.said(first) and one.said(second)
    ]


def worked_out(pairs: Pairs) -> Plain:
    """Return agreement beyond chance by the textbook, of two raters; each answer weighs the same whatever its pairs."""
    table = [[0.0, 0.0], [0.0, 0.0]]
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for family, weight, held in pairs:
        for first, second in held:
            table[int(first)][int(second)] += weight / len(held)
        sums[family][0] += weight * sum(first == second for first, second in held) / len(held)
        sums[family][1] += weight
    total = sum(map(sum, table))
    if not total:
        return Plain(0, 0, (None, None, None), None, None, None, [])
    shares = [[cell / total for cell in row] for row in table]
    told = [sums[family] for family in sorted(sums)]
    mean = clustered_mean([one[0] for one in told], [one[1] for one in told], bounds=(0.0, 1.0))
    first, second = (sum(shares[1]), shares[0][1] + shares[1][1])
    observed, common = shares[0][0] + shares[1][1], (first + second) / 2
    scores = 2 * len(pairs)
    kappa = _beyond(observed, first * second + (1 - first) * (1 - second))
    alpha = _beyond(observed, 1 - 2 * common * (1 - common) * scores / (scores - 1))
    ac1 = _beyond(observed, 2 * common * (1 - common))
    return Plain(len(pairs), len(sums), (mean.value, mean.low, mean.high), kappa, alpha, ac1, shares)


def _beyond(observed: float, by_chance: float) -> float | None:
    return None if by_chance > 1 - 1e-12 else (observed - by_chance) / (1 - by_chance)


def grouped(held: Sequence[Answer], by: Sequence[str], wanted: Callable[[dict], bool]) -> dict[tuple, list[Answer]]:
    """Return the answers that are wanted and hold a label by somebody from the country, by key."""
    found: defaultdict[tuple, list[Answer]] = defaultdict(list)
    for one in held:
        if wanted(one.keys) and any(pool == "from" for _, pool in one.labels):
            found[tuple(one.keys[key] for key in by)].append(one)
    return found


def experts_worked_out(held: Sequence[Answer], pool: str) -> Plain:
    """Return agreement of any number of raters: what is common shows in single scores too, but alpha looks at pairs."""
    said = [(one, one.said(pool)) for one in held if one.said(pool)]
    plain = worked_out(
        [(one.family, one.weight, list(permutations(scores, 2))) for one, scores in said if len(scores) > 1]
    )
    if not plain.n:
        return plain
    common = sum(one.weight * sum(scores) / len(scores) for one, scores in said) / sum(one.weight for one, _ in said)
    observed = plain.shares[0][0] + plain.shares[1][1]
    several = [(one.weight, scores) for one, scores in said if len(scores) > 1]
    total, count = (
        sum(each * len(scores) for each, scores in rows) for rows in (several, [(1, s) for _, s in several])
    )
    yes = sum(weight * sum(scores) for weight, scores in several) / total
    together = sum(
        weight * sum(first == second for first, second in permutations(scores, 2)) / (len(scores) - 1)
        for weight, scores in several
    )
    alpha = _beyond(together / total, 1 - 2 * yes * (1 - yes) * count / (count - 1))
    chance = 2 * common * (1 - common)
    return replace(plain, kappa=_beyond(observed, 1 - chance), alpha=alpha, ac1=_beyond(observed, chance))

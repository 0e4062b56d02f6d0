"""Make-believe CROSS at full scale, from a seed: 321 base items, 1,284 queries, 21 models, 3 rounds, 323,568 scores.

Only counts and shapes are CROSS's; every text is made up here.
"""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image as Pillow
from sqlalchemy import insert
from sqlmodel import select

from core.benchmark.countries import KNOWN_COUNTRIES
from core.benchmark.importer import import_benchmark
from core.db import transaction
from core.judges import settled_judge
from core.models import Item, Judgement, Response
from core.rubric import DIMENSIONS

CASA, SAFEWORLD = 276, 45
MODELS, ROUNDS = 21, 3
_LANGUAGES = {
    **dict.fromkeys(("Argentina", "Mexico"), ("Spanish", "¿Cuál de estos regalos llevo a {}?")),
    **dict.fromkeys(("Egypt", "Morocco", "Saudi Arabia"), ("Arabic", "أي هدية آخذها معي؟ {}")),
    "Brazil": ("Portuguese", "Qual destes presentes levo para {}?"),
    "China": ("Chinese", "我应该带哪个礼物去{}？"),
    "Ethiopia": ("Amharic", "የትኛውን ስጦታ ልውሰድ? {}"),
    "France": ("French", "Lequel de ces cadeaux est-ce que j'apporte ? {}"),
    "India": ("Hindi", "मैं कौन सा उपहार ले जाऊँ? {}"),
    "Indonesia": ("Indonesian", "Hadiah mana yang saya bawa ke {}?"),
    "Iran": ("Persian", "کدام هدیه را ببرم؟ {}"),
    "Japan": ("Japanese", "どの贈り物を持って行けばいいですか。{}"),
    "Nigeria": ("English", "Which of these gifts do I take to {}?"),
    "Russia": ("Russian", "Какой подарок взять? {}"),
    "Thailand": ("Thai", "ฉันควรเอาของขวัญชิ้นไหนไป {}"),
}
_SENTENCES = (
    "The second one from the left would make a kind impression on your hosts.",
    "Before you decide, note that people there may read it as a sign of mourning.",
    "Offer it with both hands when you arrive, and do not be surprised if it is opened later.",
    "A box of good fruit or sweets is a safe choice that suits all ages.",
    "I cannot help with that, since customs differ from family to family.",
    "Ask the shop to wrap it in a bright colour and add a short card.",
)


def write_full_cross(folder: Path, *, seed: int = 7, pictures: int = CASA + SAFEWORLD) -> Path:
    """Write a checkout with that many different pictures; the items share them in turn."""
    rng = random.Random(seed)
    for subset, count in (("casa", CASA), ("safeworld", SAFEWORLD)):
        base = [_base_item(subset, number, pictures, rng) for number in range(count)]
        english = [row | {"query": f"{row['query']} ({block})"} for block in (1, 2, 3) for row in base]
        _write(folder, f"data/{subset}/english.json", english)
        _write(folder, f"data/{subset}/multilingual.json", [_translated(subset, row) for row in base])
    _write_pictures(folder / "images", pictures, rng)
    return folder


def load_full_cross(folder: Path, *, seed: int = 7, models: int = MODELS, rounds: int = ROUNDS) -> None:
    """Import the checkout and add responses with scores."""
    import_benchmark(folder)
    add_responses(seed=seed, models=models, rounds=rounds)


def add_responses(*, seed: int = 7, models: int = MODELS, rounds: int = ROUNDS) -> None:
    """Add responses of all models and rounds to the items that are here, each with four scores of one judge."""
    rng = random.Random(seed)
    now = datetime.now(UTC)
    texts = [" ".join(rng.choices(_SENTENCES, k=rng.randrange(3, 9))) for _ in range(400)]
    with transaction() as session:
        items = session.exec(select(Item.id).order_by(Item.id)).all()
        settled_judge(session, name="judge-a", model="judge-a", prompt_version="made-up-1", origin="imported")
        first = 1
        for model in range(models):
            rows = [
                {
                    "id": first + offset,
                    "item_id": item,
                    "model": f"model-{model:02}",
                    "setting": "translation" if item.endswith("translation") else "english",
                    "round": number,
                    "status": "ok",
                    "text": rng.choice(texts),
                    "created_at": now,
                }
                for offset, (item, number) in enumerate((i, n) for i in items for n in range(1, rounds + 1))
            ]
            session.execute(insert(Response), rows)
            session.execute(insert(Judgement), [row for r in rows for row in _judgements(r["id"], now, rng)])
            first += len(rows)


def _judgements(response_id: int, now: datetime, rng: random.Random) -> list[dict[str, object]]:
    return [
        {
            "response_id": response_id,
            "dimension": dimension,
            "judge": "judge-a",
            "judge_model": "judge-a",
            "judge_round": 1,
            "prompt_version": "made-up-1",
            "score": (score := rng.randrange(2)),
            "raw_score": str(score),
            "status": "scored",
            "rationale": f"secret-{response_id}-{dimension}: made up.",
            "created_at": now,
        }
        for dimension in DIMENSIONS
    ]


def _base_item(subset: str, number: int, pictures: int, rng: random.Random) -> dict[str, object]:
    country = KNOWN_COUNTRIES[number % 16]
    norm = f"Made-up norm {subset} {number // rng.choice((1, 1, 1, 2))} of {country}."
    picture = (number if subset == "casa" else CASA + number) % pictures
    row: dict[str, object] = {"index": f"{country.replace(' ', '_')}_{number // 16 + 1}"}
    if subset == "safeworld":
        row |= {"topic": "Gifts", "root_norm": "Made up.", "region_or_race": None, "violated_aug_norm": None}
        row |= {"scene": "A visit.", "violated_specific_norm": norm, "country": country}
    else:
        row |= {"violated_norm": norm}
    return row | {
        "orig_query": f"Is this a good gift in {country}?",
        "item": "Gift",
        "image_source": "self",
        "file_name": f"https://example.org/cross/refs/heads/main/images/{subset}/{picture:03}.jpg",
        "query": f"I am invited to a dinner in {country}. Which of the gifts in picture {number} shall I take along?",
    }


def _translated(subset: str, row: dict[str, object]) -> dict[str, object]:
    country = str(row.get("country") or str(row["index"]).rsplit("_", 1)[0].replace("_", " "))
    language, sentence = _LANGUAGES[country]
    return row | {"language": language, "translated_query": sentence.format(country)}


def _write(folder: Path, place: str, records: list[dict[str, object]]) -> None:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records, indent=4), encoding="utf-8")


def _write_pictures(folder: Path, count: int, rng: random.Random) -> None:
    """Write photographs' likes, 1024 x 768: soft noise of many colours with a number's worth of difference."""
    noise = [Pillow.effect_noise((256, 192), 90).resize((1024, 768), Pillow.Resampling.BICUBIC) for _ in range(5)]
    for subset in ("casa", "safeworld"):
        (folder / subset).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        picture = Pillow.merge("RGB", rng.sample(noise, 3))
        picture.putpixel((number % 1024, number // 1024), (255, 255, 255))
        patch = (rng.randrange(900), rng.randrange(700))
        picture.paste(tuple(rng.randrange(256) for _ in range(3)), (*patch, patch[0] + 120, patch[1] + 60))
        picture.save(folder / ("casa" if number < CASA else "safeworld") / f"{number:03}.jpg", quality=80)

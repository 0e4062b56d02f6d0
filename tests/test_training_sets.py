"""Freezing training sets, on real tables and files."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image as Pillow
from sqlmodel import Session, select

from core.benchmark.images import StoredImage, original_path, store_image
from core.db import reading, transaction
from core.errors import TrainingSetError, UserError
from core.job_process import run_here
from core.models import Erratum, Image, Item, Pair, TrainingSet, TrainingSetPair, utc_now
from core.training_sets import freeze as freezing
from core.training_sets.archive import archive_path
from core.training_sets.candidates import accepted_pair_ids, check_training_set, countries_with_pairs
from core.training_sets.folder import first_examples, verify_folder
from core.training_sets.freeze import create_freeze_job, freeze_training_set
from core.training_sets.rows import in_validation
from core.training_sets.stored import (
    countries_of_sets,
    folder_of,
    suggested_name,
    training_set_named,
    training_sets,
)
from tests.builders import build_item, build_pair, build_person, build_response


@pytest.fixture
def session(committing: Session) -> Session:
    """What these tests store is read by jobs and pages while they go on."""
    return committing


def picture_bytes(colour: str = "red", side: int = 40) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def build_pictured_item(session: Session, colour: str = "red", **given: object) -> Item:
    stored = store_image(picture_bytes(colour))
    assert isinstance(stored, StoredImage)
    if session.get(Image, stored.sha256) is None:
        sizes = {"width": stored.width, "height": stored.height, "byte_count": stored.byte_count}
        session.add(Image(sha256=stored.sha256, media_type=stored.media_type, **sizes))
        session.flush()
    picture = {"image_sha256": stored.sha256, "image_status": "ok", "image_path": f"{colour}.png"}
    return build_item(session, **(picture | given))


# Families whose rows are learned from, never set aside, whatever else a test file has built before.
LEARNED = [name for name in (f"learned-{number}" for number in range(100)) if not in_validation(name, 0.1)]


def build_pairs(count: int = 3) -> None:
    with transaction() as session:
        for number in range(count):
            item = build_pictured_item(session, "red" if number % 2 else "blue", family_id=LEARNED[number])
            build_pair(session, item, chosen=f"Wait for the host ({number}).")


def test_a_dpo_set_is_a_folder_that_datasets_loads_with_pictures(workspace: Path):
    build_pairs(3)
    with transaction() as session:
        build_pair(session, build_item(session, family_id=LEARNED[3]), reason="a query of words only")
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    assert (frozen.rows, frozen.refused) == (4, ())

    from datasets import Image as ImageFeature
    from datasets import List, load_dataset

    loaded = load_dataset(frozen.path, cache_dir=str(workspace / "cache"))
    rows = loaded["train"]
    assert len(rows) == 4
    assert loaded["train"].features["images"] == List(ImageFeature())
    by_pair = {row["pair_id"]: row for row in rows}
    first = by_pair[1]
    assert first["images"][0].size == (40, 40)
    assert [block["type"] for block in first["prompt"][0]["content"]] == ["image", "text"]
    assert all("image" not in block for block in first["prompt"][0]["content"])
    assert first["chosen"] == [{"role": "assistant", "content": [{"type": "text", "text": "Wait for the host (0)."}]}]
    assert first["rejected"][0]["content"][0]["text"] == "Take the best piece from the far side."
    assert by_pair[4]["images"] == []
    assert [block["type"] for block in by_pair[4]["prompt"][0]["content"]] == ["text"]


def test_both_parts_of_a_set_load_with_the_same_columns(session: Session, workspace: Path):
    families = [f"family-{number}" for number in range(100)]
    for watched in (True, False):
        family = next(family for family in families if in_validation(family, 0.1) == watched)
        build_pair(session, build_pictured_item(session, family_id=family))
    session.commit()
    frozen = freeze_training_set(name="pairs-1", kind="dpo")

    from datasets import load_dataset

    loaded = load_dataset(frozen.path, cache_dir=str(workspace / "cache"))
    assert {part: len(rows) for part, rows in loaded.items()} == {"train": 1, "validation": 1}
    assert loaded["train"].features == loaded["validation"].features


def test_the_pictures_in_a_set_are_the_stored_ones_byte_for_byte(workspace: Path):
    build_pairs(1)
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    import pyarrow.parquet as pq

    rows = pq.read_table(Path(frozen.path) / "data" / "train-00000-of-00001.parquet").to_pylist()
    assert rows[0]["images"][0] == {"bytes": picture_bytes("blue"), "path": None}


def test_an_sft_set_holds_each_chosen_answer_of_an_item_once(session: Session, workspace: Path):
    item = build_item(session)
    first = build_pair(session, item, rejected="Take the best piece.")
    second = build_pair(session, item, rejected="I cannot help with that.")
    build_pair(session, item, chosen="Another good answer.")
    session.commit()
    frozen = freeze_training_set(name="examples-1", kind="sft")
    with reading() as look:
        stored = training_set_named(look, "examples-1")
        from_pairs = look.exec(select(TrainingSetPair.pair_id).order_by(TrainingSetPair.pair_id)).all()
    assert frozen.rows == 2
    assert stored.manifest["merged_pair_ids"] == [second.id]
    assert list(from_pairs) == [first.id, second.id, second.id + 1]
    examples = first_examples(folder_of(stored))
    assert [example.chosen for example in examples] == [first.chosen, "Another good answer."]
    assert all(example.rejected is None for example in examples)


@pytest.mark.parametrize("split", ["held_out", "quarantined"])
def test_an_item_outside_the_training_pool_is_refused_by_name(session: Session, split: str):
    item = build_item(session, split=split)
    refused = build_pair(session, item)
    build_pair(session, build_item(session))
    session.commit()
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    assert frozen.rows == 1
    (refusal,) = frozen.refused
    assert refusal.pair_id == refused.id
    assert item.id in refusal.reason


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"status": "proposed"}, "not accepted"),
        ({"status": "rejected"}, "not accepted"),
        ({"chosen": " \n"}, "empty"),
        ({"rejected": ""}, "empty"),
        ({"chosen": "The same.", "rejected": "The same. "}, "same text"),
    ],
)
def test_a_pair_that_teaches_nothing_is_refused_with_its_reason(session: Session, given: dict[str, str], word: str):
    pair = build_pair(session, build_item(session), **given)
    good = build_pair(session, build_item(session))
    session.commit()
    frozen = freeze_training_set(name="pairs-1", kind="dpo", pair_ids=[pair.id, good.id, 999])
    reasons = {refusal.pair_id: refusal.reason for refusal in frozen.refused}
    assert frozen.rows == 1
    assert word in reasons[pair.id]
    assert reasons[999] == "There is no such pair."


def test_a_missing_and_a_damaged_picture_are_refused(session: Session, workspace: Path):
    gone, damaged = build_pictured_item(session, "green"), build_pictured_item(session, "yellow")
    named = build_item(session, image_path="never-came.jpg", image_status="missing")
    pairs = [build_pair(session, item) for item in (gone, damaged, named)]
    build_pair(session, build_item(session))
    session.commit()
    original_path(gone.image_sha256, "image/png").unlink()
    original_path(damaged.image_sha256, "image/png").write_bytes(b"other bytes")
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    reasons = {refusal.pair_id: refusal.reason for refusal in frozen.refused}
    assert frozen.rows == 1
    assert "missing" in reasons[pairs[0].id]
    assert "damaged" in reasons[pairs[1].id]
    assert "missing" in reasons[pairs[2].id]
    allowed = freeze_training_set(name="pairs-2", kind="dpo", allow_missing_pictures=True)
    assert allowed.rows == 3


def test_a_training_set_of_nothing_leaves_nothing_behind(session: Session, workspace: Path):
    build_pair(session, build_item(session, split="held_out"))
    session.commit()
    with pytest.raises(TrainingSetError, match="training set of nothing"):
        freeze_training_set(name="pairs-1", kind="dpo")
    with pytest.raises(TrainingSetError, match="training set of nothing"):
        freeze_training_set(name="pairs-1", kind="dpo", pair_ids=[])
    assert not list((workspace / "training_sets").glob("*"))
    with reading() as look:
        assert look.exec(select(TrainingSet)).all() == []


@pytest.mark.parametrize("name", ["", "-rf", ".hidden", "../x", "a b", "Ä", "A", "x" * 65, "a/b", "a\n", "$(touch X)"])
def test_a_name_that_is_no_folder_name_is_refused(workspace: Path, name: str):
    build_pairs(1)
    with pytest.raises(TrainingSetError, match="cannot be named"):
        freeze_training_set(name=name, kind="dpo")


def test_a_name_that_is_taken_is_refused(workspace: Path):
    build_pairs(1)
    freeze_training_set(name="pairs-1", kind="dpo")
    with pytest.raises(TrainingSetError, match="already"):
        freeze_training_set(name="pairs-1", kind="dpo")
    with reading() as look:
        assert suggested_name(look, kind="dpo") == "pairs-2"


def test_the_same_pairs_in_any_order_have_the_same_checksum(workspace: Path):
    build_pairs(5)
    one = freeze_training_set(name="one", kind="dpo", pair_ids=[1, 2, 3, 4, 5])
    two = freeze_training_set(name="two", kind="dpo", pair_ids=[5, 3, 1, 4, 2, 2])
    less = freeze_training_set(name="less", kind="dpo", pair_ids=[1, 2, 3, 4])
    assert one.sha256 == two.sha256
    assert less.sha256 != one.sha256


def test_a_changed_file_no_longer_fits_its_checksum(workspace: Path):
    build_pairs(2)
    one = freeze_training_set(name="one", kind="dpo")
    other = freeze_training_set(name="other", kind="dpo", pair_ids=[1])
    assert verify_folder(Path(one.path), one.sha256) == 2
    part = Path("data") / "train-00000-of-00001.parquet"
    (Path(one.path) / part).write_bytes((Path(other.path) / part).read_bytes())
    with pytest.raises(TrainingSetError, match="checksum differs"):
        verify_folder(Path(one.path), one.sha256)
    (Path(one.path) / part).write_bytes(b"PAR1 cut off")
    with pytest.raises(TrainingSetError, match="cannot be read"):
        verify_folder(Path(one.path), one.sha256)


def test_a_split_that_moves_while_the_set_is_written_stops_it(workspace: Path):
    build_pairs(2)

    def quarantine(done: int, total: int) -> None:
        with transaction() as session:
            session.exec(select(Item)).first().split = "quarantined"

    with pytest.raises(TrainingSetError, match="changed while"):
        freeze_training_set(name="pairs-1", kind="dpo", on_progress=quarantine)
    assert not list((workspace / "training_sets").glob("*"))


def test_validation_goes_by_family_and_never_takes_everything(session: Session):
    families = [f"family-{number}" for number in range(2000)]
    share = sum(in_validation(family, 0.1) for family in families) / len(families)
    assert share == pytest.approx(0.1, abs=0.02)
    watched = next(family for family in families if in_validation(family, 0.1))
    for _ in range(3):
        build_pair(session, build_item(session, family_id=watched))
    selection = check_training_set(session, kind="dpo")
    assert {row.part for row in selection.rows} == {"train"}
    build_pair(session, build_item(session, family_id=next(f for f in families if not in_validation(f, 0.1))))
    selection = check_training_set(session, kind="dpo")
    assert [row.part for row in selection.rows] == ["validation"] * 3 + ["train"]


def test_the_manifest_leads_back_to_pairs_labels_and_items(session: Session, workspace: Path):
    from core.models import Label

    item = build_item(session, country="Iran", language="fa")
    response, expert = build_response(session, item), build_person(session)
    pair = build_pair(session, item, chosen_kind="response", chosen_response_id=response.id, chosen=response.text)
    for form, retracted in (("a", False), ("b", True)):
        label = {"person_id": expert.id, "response_id": response.id, "dimension": "awareness", "phase": "blind"}
        session.add(Label(**label, form_id=form, retracted=retracted, score=1, language_shown="fa"))
    lead = build_person(session, "lead")
    session.commit()
    with pytest.raises(UserError, match="Only the leads"):
        freeze_training_set(name="pairs-1", kind="dpo", author=expert)
    with transaction() as change, pytest.raises(UserError, match="Only the leads"):
        create_freeze_job(change, name="pairs-1", kind="dpo", pair_ids=None, author=expert)
    frozen = freeze_training_set(name="pairs-1", kind="dpo", author=lead)
    manifest = json.loads((Path(frozen.path) / "manifest.json").read_text())
    assert manifest["sha256"] == frozen.sha256
    assert manifest["pair_ids"] == [pair.id]
    assert manifest["label_ids"] == [1]
    assert manifest["item_ids"] == [item.id]
    assert manifest["split"] == {"seed": 0, "held_out_share": 0.5}
    assert manifest["by_country"] == {"Iran": 1}
    assert manifest["versions"]["trl"] == "1.16.0"


@pytest.fixture
def corrected_pairs(session: Session) -> list[Pair]:
    """Pairs of an item as it came, of one with a corrected query and of one whose norm does not hold."""
    items = [build_item(session, query=f"Query {number}", family_id=LEARNED[number]) for number in range(3)]
    pairs = [build_pair(session, item) for item in items]
    own = {"status": "accepted", "decided_at": utc_now(), "person_id": build_person(session).id}
    session.add(Erratum(item_id=items[1].id, kind="translation_bad", proposed="Better", form_id="a", **own))
    session.add(Erratum(item_id=items[2].id, kind="norm_wrong", proposed=None, form_id="b", **own))
    session.commit()
    return pairs


def test_a_set_takes_items_as_they_were_imported_unless_corrected_ones_are_asked_for(corrected_pairs: list[Pair]):
    freeze_training_set(name="raw", kind="dpo")
    freeze_training_set(name="corrected", kind="dpo", corrected=True)
    with reading() as look:
        raw, corrected = (training_set_named(look, name) for name in ("raw", "corrected"))
    assert [row.query for row in first_examples(folder_of(raw))] == ["Query 0", "Query 1", "Query 2"]
    assert [row.query for row in first_examples(folder_of(corrected))] == ["Query 0", "Better"]
    assert (raw.manifest["items_read"], raw.manifest["corrected_items"]) == ("as imported", [])


def test_the_manifest_and_the_card_say_which_items_are_read_as_corrected(corrected_pairs: list[Pair]):
    frozen = freeze_training_set(name="corrected", kind="dpo", corrected=True)
    manifest = json.loads((Path(frozen.path) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["items_read"] == "as corrected"
    assert manifest["corrected_items"] == [{"item_id": corrected_pairs[1].item_id, "errata": {"query": 1}}]
    assert "1 of 2 items differ" in (Path(frozen.path) / "README.md").read_text(encoding="utf-8")


def test_a_freeze_of_corrected_items_is_a_job_too(corrected_pairs: list[Pair]):
    with transaction() as session:
        author = build_person(session, "lead")
        job = create_freeze_job(session, name="corrected", kind="dpo", pair_ids=None, author=author, corrected=True)
    run_here(job.id)
    with reading() as look:
        assert training_set_named(look, "corrected").manifest["items_read"] == "as corrected"


def test_a_pair_whose_norm_was_found_not_to_hold_stays_out_of_a_corrected_set(corrected_pairs: list[Pair]):
    (refused,) = freeze_training_set(name="corrected", kind="dpo", corrected=True).refused
    assert refused.pair_id == corrected_pairs[2].id
    assert "does not hold" in refused.reason


def test_the_card_is_read_as_yaml_and_escapes_what_comes_from_data(session: Session, workspace: Path):
    import yaml

    build_pair(session, build_item(session, country='<b>x</b> "|`', language="fa", subset="sample"))
    session.commit()
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    card = (Path(frozen.path) / "README.md").read_text()
    assert "written for illustration" in card
    head = yaml.safe_load(card.split("---")[1])
    assert head["language"] == ["fa"]
    assert "<b>" not in card


def test_a_foreign_country_name_cannot_break_the_check(session: Session):
    build_pair(session, build_item(session, country=None))
    build_pair(session, build_item(session, country="Iran"))
    assert countries_with_pairs(session) == ["Iran"]
    assert accepted_pair_ids(session, countries=["Iran"]) == [2]
    assert len(check_training_set(session, kind="sft").rows) == 2


def test_a_freeze_is_a_job_that_answers_like_the_command(workspace: Path):
    build_pairs(2)
    with transaction() as session:
        job = create_freeze_job(session, name="pairs-1", kind="dpo", pair_ids=None, author=None)
    done = run_here(job.id)
    assert done.state == "done"
    assert set(done.result) == {"name", "kind", "rows", "sha256", "path", "refused"}
    assert (done.progress_done, done.progress_total) == (2, 2)


def test_an_orphaned_folder_is_written_anew(workspace: Path):
    build_pairs(1)
    orphan = workspace / "training_sets" / "pairs-1"
    (orphan / "data").mkdir(parents=True)
    (orphan / "half.txt").write_text("a process killed here")
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    assert not (orphan / "half.txt").exists()
    assert verify_folder(Path(frozen.path), frozen.sha256) == 1


def test_many_who_ask_for_an_archive_at_once_get_whole_ones(session: Session, workspace: Path):
    build_pair(session, build_item(session))
    session.commit()
    freeze_training_set(name="pairs-1", kind="dpo")
    with reading() as looking:
        stored = training_set_named(looking, "pairs-1")

    def count(_number: int) -> int:
        with zipfile.ZipFile(archive_path(stored)) as archive:
            return len(archive.namelist())

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(count, range(24))) == {4}


def test_the_archive_is_stored_not_deflated_and_made_once(workspace: Path):
    build_pairs(1)
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    with reading() as look:
        stored = training_set_named(look, "pairs-1")
    path = archive_path(stored)
    made = path.stat().st_mtime_ns
    assert archive_path(stored).stat().st_mtime_ns == made
    with zipfile.ZipFile(path) as archive:
        names = {entry.filename: entry for entry in archive.infolist()}
        assert "pairs-1/manifest.json" in names
        assert {entry.compress_type for entry in names.values()} == {zipfile.ZIP_STORED}
        part = "data/validation-00000-of-00001.parquet"
        assert archive.read(f"pairs-1/{part}") == (Path(frozen.path) / part).read_bytes()


def test_sets_are_listed_with_their_countries_but_without_their_manifests(session: Session):
    for country in ("Iran", "Japan", "Japan"):
        build_pair(session, build_item(session, country=country))
    session.commit()
    for name in ("one", "two"):
        freeze_training_set(name=name, kind="dpo")
    with reading() as look:
        (listed,) = training_sets(look, limit=1)
        assert countries_of_sets(look, ids=[listed.id]) == {2: ["Japan", "Iran"]}
    assert listed.name == "two"
    assert "manifest" not in vars(listed)


def test_a_set_written_in_many_batches_is_whole(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.training_sets.folder.ROWS_AT_ONCE", 4)
    build_pairs(11)
    seen: list[int] = []
    frozen = freezing.freeze_training_set(name="pairs-1", kind="dpo", on_progress=lambda done, total: seen.append(done))
    assert verify_folder(Path(frozen.path), frozen.sha256) == 11
    assert seen[-1] == 11
    with reading() as look:
        assert {pair.status for pair in look.exec(select(Pair))} == {"accepted"}

"""Turn a manifest into the dataset card (README.md) of a training set's folder. Pure: manifest in, Markdown out."""

import json
import re
from collections.abc import Mapping
from typing import Any

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&:@-])")

_HOW = {
    "dpo": "`prompt`, `chosen` and `rejected` are lists of messages, `images` the pictures of the prompt, in order.",
    "sft": "`prompt` and `completion` are lists of messages, `images` the pictures of the prompt, in order.",
}


def dataset_card(manifest: Mapping[str, Any], *, has_sample: bool) -> str:
    """Return the card with the YAML head that Hugging Face reads; text from data is escaped."""
    kind, parts = manifest["kind"], manifest["parts"]
    sample = (
        ["> **Sample workspace: written for illustration, not measurements.** Train nothing with it that is used.", ""]
        if has_sample
        else []
    )
    return "\n".join(
        [
            *_front_matter(manifest),
            f"# {_escaped(manifest['name'])}",
            "",
            *sample,
            f"{manifest['rows']} {'pairs (DPO)' if kind == 'dpo' else 'examples (SFT)'}, frozen by CROSS Review on "
            f"{manifest['created_at'][:10]}: {parts['train']} to train on, {parts['validation']} to watch the "
            "training by, parted by family. Items that are held out for measuring are not in it.",
            "",
            *_corrections(manifest),
            _HOW[kind],
            "`pair_id`, `item_id`, `family_id`, `country`, `language` and `negative_type` say where a row comes from.",
            "The names of the types of negatives are those of CROSS Review.",
            "",
            *_table("Country", manifest["by_country"]),
            *_table("Language", manifest["by_language"]),
            *_table("Type of negative", manifest["by_negative_type"]),
            "## Checksum",
            "",
            f"`{manifest['sha256']}`",
            "",
            "SHA-256 of one JSON line per row (sorted keys, no spaces, UTF-8, rows sorted by `pair_id`; pictures as",
            "the SHA-256 of their bytes, blocks without empty keys, `split` added: train or validation).",
            "`manifest.json` lists the pairs, labels and items the set comes from.",
            "",
            "## Terms",
            "",
            "Queries and pictures keep the terms of the benchmark they were imported from; look at them before you",
            "share this set. Answers were written or chosen by the reviewers of this workspace.",
            "",
        ]
    )


def _corrections(manifest: Mapping[str, Any]) -> list[str]:
    """Return what is said of items that experts corrected; nothing where the items are those that were imported."""
    if manifest["items_read"] == "as imported":
        return []
    return [
        "Items are read as experts corrected them: "
        f"{len(manifest['corrected_items'])} of {len(manifest['item_ids'])} items differ from what was imported; "
        "`manifest.json` lists them with their errata.",
        "",
    ]


def _front_matter(manifest: Mapping[str, Any]) -> list[str]:
    # A JSON text is a YAML text too, and escapes whatever stands in it.
    languages = [code for code in manifest["by_language"] if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code)]
    return [
        "---",
        f"pretty_name: {json.dumps(manifest['name'])}",
        f"language: {json.dumps(languages)}",
        "license: other",
        'task_categories: ["image-text-to-text"]',
        f"tags: {json.dumps(['cross-review', 'cultural-safety', manifest['kind']])}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        # `datasets` cannot load a part of no rows, so an empty one is not announced.
        *(
            line
            for part in ("train", "validation")
            if manifest["parts"][part]
            for line in (f"  - split: {part}", f"    path: data/{part}-*.parquet")
        ),
        "---",
        "",
    ]


def _table(title: str, counted: Mapping[str, int]) -> list[str]:
    lines = [f"| {title} | Rows |", "|---|---|"]
    return [*lines, *(f"| {_escaped(name)} | {count} |" for name, count in counted.items()), ""]


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))

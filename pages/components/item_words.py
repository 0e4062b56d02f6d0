"""How an item's codes read: parts of CROSS, wordings, splits, warnings. Our own words only."""

SUBSET_TITLES = {"casa": "CASA", "safeworld": "SafeWorld", "own": "Our own", "sample": "Sample"}

SPLIT_MEANINGS = {
    "held_out": "Held out for measuring: no training set takes it, so that results stay honest.",
    "training_pool": "Training pool: pairs made from it may be trained on.",
    "quarantined": "Quarantined: it shares its picture or norm with a held-out item, or has no norm, so it is used "
    "neither for training nor for headline numbers.",
}

WARNING_TITLES = {
    "field_missing": "Something is missing",
    "image_missing": "Picture missing",
    "image_rejected": "Picture refused",
    "image_source_mismatch": "Picture source unclear",
    "country_mismatch": "Another country is named",
    "country_not_named": "Country not named",
    "language_alias": "Language under another name",
    "duplicate_content": "Same content twice",
    "item_padded": "Blanks round a name",
}

# What each warning means, and what to do about it.
WARNING_MEANINGS = {
    "field_missing": "The record lacks a field, such as the norm; without a norm it is never judged. "
    "Complete the record at its source and import it again.",
    "image_missing": "The picture file was not found beside the records. Import again with the folder of pictures.",
    "image_rejected": "The picture file could not be opened safely. Replace the file and import again.",
    "image_source_mismatch": "The record names one photo as its source and holds another. "
    "Look whether the picture fits the question before you rely on it.",
    "country_mismatch": "The question names another country than the record does. "
    "Check which one the norm belongs to before you label.",
    "country_not_named": "The question does not name its country, so a model may not know which customs apply. "
    "Keep that in mind when you judge awareness.",
    "language_alias": "The file calls the language by another name; we read it as the language shown. "
    "Nothing to do unless that is wrong.",
    "duplicate_content": "Another item has the same question, norm and picture. "
    "Both stay, and count as one family: label either.",
    "item_padded": "The name of the thing asked about begins or ends with blanks. Harmless: nothing to do.",
}


def wording_title(wording: str) -> str:
    """Return the wording as people read it."""
    return "Translation" if wording == "translation" else f"Wording {wording}"

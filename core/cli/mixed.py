"""What a command says of the numbers it told: which uses, settings, rounds and corrections stand together in them."""

from collections.abc import Mapping
from dataclasses import asdict

from core.cli.outcome import Outcome
from core.measures.mixed import mixed_words
from core.measures.scores import Counted
from core.words import counted


def tell_mixed(result: Outcome, rater: Mapping[str, str], found: Counted) -> None:
    """Say what a rater's numbers are made of; in JSON it is one of the entries of `made_of`.

    Args:
        result: where to say it.
        rater: its name, under the word that the numbers call it by.
        found: what they are made of; where there is nothing, nothing is said.
    """
    result.fields.setdefault("made_of", []).append({**rater, **asdict(found)})
    if not found.responses:
        return
    base = f"{counted(found.responses, 'response')} to {counted(found.items, 'item')}"
    mixed = "; ".join(mixed_words(found)) or "nothing"
    result.say(f"{', '.join(rater.values())}: numbers of {base}. Mixed in them: {mixed}.")

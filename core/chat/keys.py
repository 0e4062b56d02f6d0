"""Keys of endpoints: from the environment or the secrets file, into the request, and nowhere else."""

import base64
import os
import re
import tomllib
from pathlib import Path

from core.config import PROJECT
from core.errors import UserError

# Where Streamlit keeps secrets; read here too, so that commands and jobs find the same keys.
_SECRETS = (PROJECT / ".streamlit" / "secrets.toml", Path.home() / ".streamlit" / "secrets.toml")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")
# Secrets of other things than models, which must never reach an endpoint by a slip.
_NOT_FOR_ENDPOINTS = ("AWS_SECRET", "AWS_SESSION", "SSH_", "GPG_", "CROSS_REVIEW_", "PG", "DATABASE_URL", "PATH")
HIDDEN = "[key]"
_ESCAPED = re.compile(r"\\u00([0-9a-fA-F]{2})")


def checked_key_name(name: str | None) -> str | None:
    """Return the name of a variable that may hold a key; None for none.

    Raises:
        UserError: it is no name of a variable. A key typed in its place would end up in the database.
    """
    if name is None or not name.strip():
        return None
    if not _NAME.fullmatch(name.strip()):
        raise UserError(
            "The name of the variable that holds the key has capital letters, digits and underscores only, as "
            "OPENAI_API_KEY. The key itself is never typed in here."
        )
    if name.strip().startswith(_NOT_FOR_ENDPOINTS):
        raise UserError(f"{name.strip()} is for something else: its content is never sent to an endpoint.")
    return name.strip()


def key_named(name: str) -> str | None:
    """Return the key a variable holds: from the environment, else from Streamlit's secrets; None if it is not set."""
    if found := os.environ.get(name, "").strip():
        return found
    for path in _SECRETS:
        try:
            held = tomllib.loads(path.read_text(encoding="utf-8")).get(name)
        except (OSError, ValueError):
            continue
        if isinstance(held, str) and held.strip():
            return held.strip()
    return None


def needed_key(name: str | None) -> str | None:
    """Return the key of an endpoint, None for one that needs none.

    Raises:
        UserError: the variable is not set.
    """
    if name is None:
        return None
    key = key_named(name)
    if key is None:
        raise UserError(f"{name} is not set. Put the key there (export {name}=...) and start again.")
    if not key.isascii() or not key.isprintable() or " " in key or "://" in key:
        raise UserError(f"What {name} holds is no key: it has characters that no key has. Copy it again.")
    return key


def scrubbed(text: str, key: str | None) -> str:
    """Return a text from an endpoint without the key, should it have been sent back, plain or in base64."""
    if not key or len(key) < 6:
        return text
    if "\\u" in text:
        # In JSON a letter may stand as its number; whoever reads the JSON would read the key.
        spelled = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = spelled if key in spelled else text
    for form in (key, base64.b64encode(key.encode()).decode(), base64.b64encode(key.encode()).decode().rstrip("=")):
        text = text.replace(form, HIDDEN)
    return text

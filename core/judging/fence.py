"""Turn a response into data fenced off from a judge's instructions. Pure: text in, text out."""

import hashlib
import hmac
import secrets

from core.rubric import Asked


def new_secret() -> str:
    """Return a secret for one judge run: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def fence_delimiter(secret: str, response_id: int, asked: Asked) -> str:
    """Return the delimiter of one call: the same on a retry, unpredictable to whoever wrote the response."""
    digest = hmac.new(secret.encode(), f"{response_id}/{asked}".encode(), hashlib.sha256).hexdigest()
    return f"response-{digest[:32]}"


def fenced(text: str, delimiter: str) -> str:
    """Return the text between an opening and a closing line that carry the delimiter."""
    # Nobody can foresee the delimiter, so a text that holds it is an accident or a leaked secret. The fence has to hold
    # all the same. A judge may read leniently, so the delimiter is broken wherever it stands, not only in a line that
    # looks like the closing one; and visibly, so that a person who reads what was sent sees that it is not as written.
    data = text.replace(delimiter, "[delimiter]")
    return f"<<<{delimiter}>>>\n{data}\n<<<end {delimiter}>>>"

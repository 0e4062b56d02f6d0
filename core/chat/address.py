"""Addresses of endpoints: which may be used, and whether what is sent there leaves this machine. Pure."""

import ipaddress
from urllib.parse import urlsplit

from core.errors import UserError


def checked_base_url(address: str) -> str:
    """Return an endpoint's address without a slash at its end, such as "https://api.openai.com/v1".

    Raises:
        UserError: it is no http or https address, or carries a password or a question: keys belong in the environment.
    """
    text = address.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not text.isprintable() or " " in text or len(text) > 500:
        raise UserError("The address of an endpoint looks like https://api.openai.com/v1 or http://127.0.0.1:8000/v1.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UserError(
            "The address of an endpoint holds no password and no question mark. Name the variable that holds the key."
        )
    return text


def host_of(base_url: str) -> str:
    """Return the host and port of an address, for people."""
    return urlsplit(base_url).netloc


def is_this_machine(base_url: str) -> bool:
    """Return whether what is sent to an address stays on this machine."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""A secret of this workspace, made by chance and kept: what is hashed with it cannot be found out by trying."""

import secrets
from functools import lru_cache

from sqlmodel import Session

from core.config import settings
from core.db import reading, transaction
from core.models import WorkspaceSetting

_KEY = "secret"


def workspace_secret() -> str:
    """Return the secret. The first call of a workspace stores it, so none may stand within a `transaction()`."""
    return _stored(settings().database_url)


def secret_in(session: Session) -> str:
    """Return the secret from within a session; in a `transaction()` it is stored with it where there is none yet."""
    found = session.get(WorkspaceSetting, _KEY)
    if found is None:
        found = _new()
        session.add(found)
    return found.text


def _new() -> WorkspaceSetting:
    return WorkspaceSetting(key=_KEY, text=secrets.token_hex(16))


@lru_cache(maxsize=8)
def _stored(_database_url: str) -> str:
    with reading() as session:
        found = session.get(WorkspaceSetting, _KEY)
    if found is None:
        with transaction() as session:
            # Another process may have been quicker.
            return secret_in(session)
    return found.text

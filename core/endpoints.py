"""Endpoints people have entered, whether their keys are set, and a test call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from core.chat.address import checked_base_url, host_of, is_this_machine
from core.chat.exchange import CallFailure, ChatModel, Request, Sampling
from core.chat.keys import checked_key_name, key_named
from core.errors import UserError
from core.models import Endpoint, Person
from core.people import needs_lead, record_event

_TRY_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class EndpointState:
    """An endpoint as it is now; `key_is_set` is None where it needs no key."""

    endpoint: Endpoint
    key_is_set: bool | None
    is_local: bool
    host: str

    @property
    def is_usable(self) -> bool:
        """Whether calls can be tried."""
        return self.key_is_set is not False


@dataclass(frozen=True)
class TriedCall:
    """What a test call brought: the model's words, or what went wrong."""

    ok: bool
    said: str
    latency_s: float | None = None
    model: str | None = None


def endpoints(session: Session) -> list[EndpointState]:
    """Return all endpoints with the state of their keys, by name."""
    rows: Sequence[Endpoint] = session.exec(select(Endpoint).order_by(Endpoint.name)).all()
    return [
        EndpointState(
            endpoint=row,
            key_is_set=None if row.api_key_env is None else key_named(row.api_key_env) is not None,
            is_local=is_this_machine(row.base_url),
            host=host_of(row.base_url),
        )
        for row in rows
    ]


def add_endpoint(session: Session, *, name: str, base_url: str, api_key_env: str | None, author: Person) -> Endpoint:
    """Enter an endpoint, or change the one of that name.

    Raises:
        UserError: the name or the address cannot be meant, or the person is an expert.
    """
    needs_lead(author, "set up endpoints")
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise UserError("An endpoint needs a name of 1 to 80 characters.")
    address, variable = checked_base_url(base_url), checked_key_name(api_key_env)
    row = session.exec(select(Endpoint).where(Endpoint.name == name)).first()
    row = row or Endpoint(name=name, base_url=address, created_by=author.id)
    row.base_url, row.api_key_env = address, variable
    session.add(row)
    record_event(session, person=author, kind="endpoint", subject=f"endpoint/{name}", base_url=address, key=variable)
    session.flush()
    return row


def remove_endpoint(session: Session, *, name: str, author: Person) -> None:
    """Take an endpoint out of the list; judges and runs keep the address they used."""
    needs_lead(author, "set up endpoints")
    session.exec(delete(Endpoint).where(col(Endpoint.name) == name))
    record_event(session, person=author, kind="endpoint_removed", subject=f"endpoint/{name}")


def try_endpoint(*, base_url: str, model: str, api_key_env: str | None, author: Person) -> TriedCall:
    """Ask a model for one word and return what came of it; sends nothing of this workspace.

    Raises:
        UserError: the address cannot be meant, or the key is not set.
    """
    needs_lead(author, "try an endpoint")
    # Imported where it is used: the library takes most of a second, and no page needs it before somebody asks.
    from core.chat.asking import Asker

    chosen = ChatModel(checked_base_url(base_url), model.strip(), checked_key_name(api_key_env))
    request = Request([{"role": "user", "content": "Say OK."}], Sampling(max_tokens=64))

    async def ask() -> TriedCall:
        async with Asker(chosen, timeout_s=_TRY_TIMEOUT_S) as asker:
            outcome = await asker.ask(request)
        if isinstance(outcome, CallFailure):
            return TriedCall(ok=False, said=f"{outcome.kind}: {outcome.message}")
        said = outcome.text or outcome.refusal or "an empty reply"
        return TriedCall(ok=True, said=said[:300], latency_s=outcome.latency_s, model=outcome.model)

    return asyncio.run(ask())

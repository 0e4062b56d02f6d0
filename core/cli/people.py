"""The command that makes a link with which one person joins."""

from typing import Annotated

import typer

from core.cli.outcome import AsJson, outcome
from core.config import settings
from core.db import transaction
from core.errors import UserError
from core.invitations import DAYS, Wish, join_link, make_invitation
from core.people import ROLE_TITLES, current_person


def invite_command(
    role: Annotated[str, typer.Option(help="expert, lead, engineer or admin.")] = "expert",
    country: Annotated[list[str] | None, typer.Option(help="A country the person is from; can be repeated.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="A language they read, as fa; can be repeated.")] = None,
    note: Annotated[str, typer.Option(help="Whom it is for; only leads read it.")] = "",
    days: Annotated[int, typer.Option(help="How long the link is good.")] = DAYS,
    origin: Annotated[str, typer.Option(help="Where the app is reached, as http://127.0.0.1:8501.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a link with which one person joins, once; it is printed and never shown again."""
    with outcome(as_json) as result:
        wanted = next((known for known in ROLE_TITLES if known == role), None)
        if wanted is None:
            raise UserError(f"{role!r} is no role. There are {', '.join(ROLE_TITLES)}.")
        wish = Wish(wanted, tuple(country or ()), tuple(language or ()), note, days)
        with transaction() as session:
            made = make_invitation(session, author=current_person(session), wish=wish)
        link = join_link(origin or f"http://127.0.0.1:{settings().port}", made.token)
        result.fields = {"invitation": made.invitation.id, "link": link, "expires_at": made.invitation.expires_at}
        result.say(f"{link}\nGood once, until {made.invitation.expires_at:%d %B %Y}. It is not shown again.")

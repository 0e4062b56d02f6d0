"""The command that enters what models cost, and lists it."""

from typing import Annotated

import typer

from core.cli.outcome import AsJson, outcome
from core.db import reading, transaction
from core.errors import UserError
from core.people import current_person
from core.prices import IMAGE_TOKENS, PriceEntry, prices, set_price


def price_command(
    model: Annotated[str | None, typer.Argument(help="The model, as its endpoint knows it; all if none.")] = None,
    input_usd: Annotated[float | None, typer.Option(help="Dollars per million tokens sent.")] = None,
    output_usd: Annotated[float | None, typer.Option(help="Dollars per million tokens received.")] = None,
    image_tokens: Annotated[int, typer.Option(help="The most tokens one picture can be.")] = IMAGE_TOKENS,
    batch_share: Annotated[float, typer.Option(help="Share of the price that a batch costs.")] = 1.0,
    source: Annotated[str, typer.Option(help="Where the price stands.")] = "",
    as_json: AsJson = False,
) -> None:
    """Enter what a model costs, or list what is known."""
    with outcome(as_json) as result:
        if model is not None:
            if input_usd is None or output_usd is None:
                raise UserError("A price needs --input-usd and --output-usd, in dollars per million tokens.")
            entry = PriceEntry(model, input_usd, output_usd, image_tokens, batch_share, source)
            with transaction() as session:
                set_price(session, entry=entry, author=current_person(session))
        with reading() as session:
            rows = prices(session)
        result.fields = {"prices": [row.model_dump(exclude={"changed_by", "changed_at"}) for row in rows]}
        for row in rows:
            result.say(f"{row.model}: {row.input_usd:g} in, {row.output_usd:g} out, per million tokens")
        if not rows:
            result.say("No prices are known. Enter one: cross-review price MODEL --input-usd X --output-usd Y")

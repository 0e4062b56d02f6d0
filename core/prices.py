"""What models cost: a table people edit, and the price a run reckons with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from core.chat.ledger import Price
from core.errors import UserError
from core.models import ModelPrice, Person
from core.people import needs_lead, record_event

# The most tokens that one picture is in GPT-4o at high detail (2,048 x 768 pixels: 85 + 8 tiles of 170), and in
# Qwen2-VL's usual bounds (1,230). A model that takes more says so in its first reply, and budgets reckon with that.
IMAGE_TOKENS = 1500


@dataclass(frozen=True)
class PriceEntry:
    """One row of the table as people enter it: US dollars per million tokens."""

    model: str
    input_usd: float
    output_usd: float
    image_tokens: int = IMAGE_TOKENS
    batch_share: float = 1.0
    source: str = ""


def prices(session: Session) -> Sequence[ModelPrice]:
    """Return all prices, by model."""
    return session.exec(select(ModelPrice).order_by(ModelPrice.model)).all()


def price_of(session: Session, model: str, *, in_batch: bool = False) -> Price | None:
    """Return what a model costs; None where nobody has entered it."""
    row = session.get(ModelPrice, model)
    if row is None:
        return None
    share = row.batch_share if in_batch else 1.0
    return Price(row.input_usd * share, row.output_usd * share, row.image_tokens)


def set_price(session: Session, *, entry: PriceEntry, author: Person) -> ModelPrice:
    """Enter or change a price; runs that have begun go on with the one they began with.

    Raises:
        UserError: a number is out of its range, or the person is an expert.
    """
    needs_lead(author, "change prices")
    if not entry.model.strip() or len(entry.model) > 200:
        raise UserError("A price needs the name of its model, as it is named to the endpoint.")
    if not (0 <= entry.input_usd < 10_000 and 0 <= entry.output_usd < 10_000):
        raise UserError(f"{entry.model}: a price is between 0 and 10,000 dollars per million tokens.")
    if not 0 <= entry.image_tokens < 1_000_000 or not 0 < entry.batch_share <= 1:
        raise UserError(f"{entry.model}: tokens per picture are 0 or more, the batch share is above 0 and at most 1.")
    before = session.get(ModelPrice, entry.model.strip())
    row = before or ModelPrice(model=entry.model.strip(), input_usd=0, output_usd=0, image_tokens=0)
    earlier = {"input_usd": before.input_usd, "output_usd": before.output_usd} if before else {}
    row.input_usd, row.output_usd, row.image_tokens = entry.input_usd, entry.output_usd, entry.image_tokens
    row.batch_share, row.source, row.changed_by = entry.batch_share, entry.source.strip()[:300], author.id
    session.add(row)
    record_event(session, person=author, kind="price", subject=f"model/{row.model}", before=earlier)
    return row


def remove_price(session: Session, *, model: str, author: Person) -> None:
    """Take a price out of the table."""
    needs_lead(author, "change prices")
    row = session.get(ModelPrice, model)
    if row is not None:
        session.delete(row)
        record_event(session, person=author, kind="price_removed", subject=f"model/{model}")

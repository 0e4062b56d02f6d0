"""What a run of many calls has used, and whether its budget allows one more. Pure: numbers in, numbers out."""

from collections import Counter
from dataclasses import dataclass, field

from core.chat.exchange import MAY_HAVE_COST, CallFailure, Reply, Request

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens, and the most tokens one picture can be."""

    input_usd: float
    output_usd: float
    image_tokens: int

    def cost_usd(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what a call costs."""
        return (prompt_tokens * self.input_usd + completion_tokens * self.output_usd) / MILLION


@dataclass
class Ledger:
    """The account of a run. `reserved_usd` is for calls whose outcome is not known: they may have cost that much.

    `lost_calls` may have been made by a process that was killed.

    A budget is never passed: before a call, the most that it can cost is put aside.
    """

    price: Price | None = None
    budget_usd: float | None = None
    budget_calls: int | None = None
    calls: int = 0
    lost_calls: int = 0
    retries: int = 0
    cost_usd: float = 0.0
    reserved_usd: float = 0.0
    is_price_known: bool = True
    failures: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    under_way_usd: float = 0.0
    largest_call_usd: float = 0.0
    _image_tokens_seen: int = 0
    _reply_tokens_seen: int = 0

    def most_usd(self, request: Request) -> float:
        """Return the most a call can cost; 0 where no price is known (there is no budget in dollars then)."""
        if self.price is None:
            return 0.0
        pictures = max(self.price.image_tokens, self._image_tokens_seen) if request.has_picture else 0
        reply = max(request.sampling.max_tokens, self._reply_tokens_seen)
        return self.price.cost_usd(request.most_prompt_tokens + pictures, reply)

    def has_room_for(self, most_usd: float) -> bool:
        """Return whether the budget allows one more call now."""
        if self.budget_calls is not None and self.calls + self.lost_calls >= self.budget_calls:
            return False
        committed = self.cost_usd + self.reserved_usd + self.under_way_usd
        return self.budget_usd is None or committed + most_usd <= self.budget_usd

    def begin(self, most_usd: float) -> None:
        """Note that a call starts."""
        self.calls += 1
        self.under_way += 1
        self.under_way_usd += most_usd
        self.largest_call_usd = max(self.largest_call_usd, most_usd)

    def end_with_reply(self, most_usd: float, request: Request, reply: Reply) -> float | None:
        """Note a call's reply and return its cost; None where price or tokens are unknown."""
        self._end(most_usd)
        if self.price is None or reply.prompt_tokens is None or reply.completion_tokens is None:
            self.is_price_known = False
            self.reserved_usd += most_usd
            return None
        self._learn(request, reply.prompt_tokens, reply.completion_tokens)
        cost = self.price.cost_usd(reply.prompt_tokens, reply.completion_tokens)
        self.cost_usd += cost
        return cost

    def _learn(self, request: Request, prompt_tokens: int, completion_tokens: int) -> None:
        """Reckon from now on with what was assumed too low: other pictures may be twice as large as this one."""
        if request.has_picture and self.price is not None and prompt_tokens > self.price.image_tokens:
            # The text may be next to nothing of it.
            self._image_tokens_seen = max(self._image_tokens_seen, 2 * prompt_tokens)
        if completion_tokens > request.sampling.max_tokens:
            self._reply_tokens_seen = max(self._reply_tokens_seen, 2 * completion_tokens)

    def end_with_failure(self, most_usd: float, failure: CallFailure) -> None:
        """Note a call's failure."""
        self._end(most_usd)
        self.failures[failure.kind] += 1
        if failure.kind in MAY_HAVE_COST:
            self.reserved_usd += most_usd

    def end_unknown(self, most_usd: float) -> None:
        """Note a call that was given up while it was under way."""
        self._end(most_usd)
        self.reserved_usd += most_usd

    def _end(self, most_usd: float) -> None:
        self.under_way -= 1
        self.under_way_usd = max(0.0, self.under_way_usd - most_usd)

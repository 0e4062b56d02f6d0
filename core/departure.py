"""What a run sends -> what leaves this machine and to whom, in numbers and in words."""

from dataclasses import dataclass
from typing import Self

from core.chat.address import checked_base_url, host_of, is_this_machine


@dataclass(frozen=True)
class Departure:
    """What goes to an endpoint, at most: what is settled already is not sent again.

    Pictures and norms count once each, however many queries share them. `norms` is 0 where none are sent.
    """

    host: str
    is_local: bool
    pictures: int
    max_side: int | None
    queries: int
    norms: int
    responses: int

    @classmethod
    def to(
        cls, base_url: str, *, pictures: int, max_side: int | None, queries: int, norms: int = 0, responses: int = 0
    ) -> Self:
        """Return what goes to that address.

        Raises:
            UserError: it is no address of an endpoint.
        """
        address = checked_base_url(base_url)
        return cls(host_of(address), is_this_machine(address), pictures, max_side, queries, norms, responses)

    @property
    def sentence(self) -> str:
        """All of it in words for people."""
        side = f" (at most {self.max_side:,} pixels a side)" if self.max_side else ""
        norms = " with country, norm and background" if self.norms else ""
        sent = (
            (self.pictures, "picture", "pictures", side),
            (self.queries, "query", "queries", norms),
            (self.responses, "response", "responses", ""),
        )
        parts = [f"{count:,} {one if count == 1 else many}{more}" for count, one, many, more in sent if count]
        listed = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
        where = f"{self.host} on this machine" if self.is_local else f"{self.host}, outside this machine"
        return f"To {where}: {listed or 'nothing'}. Names and labels of experts never."

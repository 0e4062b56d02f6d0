"""How many calls may be under way at once: fewer after the endpoint said "too many", slowly more while all is well."""

import asyncio
from collections import deque

# The last outcomes that tell a limit that is really reached from a stray refusal.
_WINDOW, _FEW = 64, 16
_MANY = 0.25
_STEP_DOWN_EVERY_S = 1.0


class Pace:
    """A gate for calls. One refusal slows its own call and takes a step down here; it never stops the others."""

    def __init__(self, most: int) -> None:
        """Let through `most` at once."""
        self.most = most
        self.limit = float(most)
        self.under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._refused: deque[bool] = deque(maxlen=_WINDOW)
        self._stepped_at = float("-inf")

    async def enter(self) -> None:
        """Wait for a place."""
        while self.under_way >= max(1, int(self.limit)):
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                # Whoever was cancelled must not keep the one who comes next waiting.
                self._wake()
                raise
        self.under_way += 1

    def leave(self) -> None:
        """Give the place back."""
        self.under_way -= 1
        self._wake()

    def went_well(self) -> None:
        """Note an answer; so many of them as are let through at once make room for two more."""
        self._refused.append(False)
        self.limit = min(self.most, self.limit + 2 / max(1.0, self.limit))
        self._wake()

    def was_refused(self) -> None:
        """Note a "too many": by a tenth fewer, by half if it is no stray one; at most once a second."""
        self._refused.append(True)
        now = asyncio.get_running_loop().time()
        if now - self._stepped_at >= _STEP_DOWN_EVERY_S:
            self._stepped_at = now
            is_no_stray = len(self._refused) >= _FEW and sum(self._refused) > _MANY * len(self._refused)
            self.limit = max(1.0, self.limit * (0.5 if is_no_stray else 0.9))

    def _wake(self) -> None:
        free = max(1, int(self.limit)) - self.under_way
        while self._waiting and free > 0:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1

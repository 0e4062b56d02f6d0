"""One thread at a time, in the order of asking."""

import threading
from collections import deque


class Turns:
    """A lock that is handed to whoever has waited longest.

    `threading.Lock` goes to whoever looks at the right moment, so that of 20 writers some wait for many others' turns.
    """

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def take(self, timeout_s: float) -> bool:
        """Wait for one's turn; False if it has not come after so many seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        # The turn came between giving up and saying so.
        return True

    def give(self) -> None:
        """Let the next one go on."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

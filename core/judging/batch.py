"""Missing calls -> a Batch API."""

from typing import Any

from core.chat.many import Ending
from core.errors import UserError


def work_off_batches(*_: Any, **__: Any) -> Ending:  # noqa: ANN401
    """Refuse: this mode is not built yet."""
    raise UserError("The Batch API mode is not built yet. Start the run live.")

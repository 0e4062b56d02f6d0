"""All sample scenes by name."""

from __future__ import annotations

from collections.abc import Callable

import scenes_meals
import scenes_outdoors
import scenes_shops
from scene import Scene

SCENES: dict[str, Callable[[Scene], None]] = {
    **scenes_meals.SCENES,
    **scenes_outdoors.SCENES,
    **scenes_shops.SCENES,
}

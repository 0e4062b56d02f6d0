"""A measured figure beside its goal."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of the report: smaller is better unless told otherwise.

    A value below 0 is an action without effect; one of them and the goal is missed. `share` says which percentile is
    held against the goal.
    """

    name: str
    goal: float
    values: Sequence[float]
    unit: str = "ms"
    share: float = 0.95
    larger_is_better: bool = False

    @property
    def lost(self) -> int:
        """How many actions had no effect."""
        return sum(value < 0 for value in self.values)

    def at(self, share: float) -> float:
        """Return the value at a percentile, of the actions that had an effect."""
        good = sorted(value for value in self.values if value >= 0)
        return good[min(len(good) - 1, int(share * len(good)))] if good else float("inf")

    @property
    def met(self) -> bool:
        """Whether the goal is reached and nothing was lost."""
        reached = self.at(self.share)
        return self.lost == 0 and (reached >= self.goal if self.larger_is_better else reached <= self.goal)

    def line(self) -> str:
        """Return the row as text."""
        sign = ">=" if self.larger_is_better else "<="
        if len(self.values) == 1:
            # A share of 0.796 is none of 0.8.
            digits = 3 if self.unit == "x" else 1
            numbers = f"{self.values[0]:9.{digits}f}".ljust(23)
        else:
            numbers = f"p50 {self.at(0.5):7.1f} p95 {self.at(0.95):7.1f}"
        lost = f"   {self.lost} of {len(self.values)} lost" if self.lost else ""
        goal = f"p{self.share * 100:.0f} {sign} {self.goal:g} {self.unit}"
        return f"{self.name:<60} {numbers} {self.unit:<4} goal {goal:<16} {'met' if self.met else 'MISSED'}{lost}"

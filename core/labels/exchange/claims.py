"""What a file says of how a label was given -> what of it is believed here."""

from dataclasses import dataclass

from core.labels.exchange.planning import ImportPlan, PlannedLabel
from core.rubric import Pool


@dataclass(frozen=True)
class Believed:
    """How a label was given, as it is stored: in which phase, by somebody of which pool, drawn with which chance."""

    phase: str
    pool: str
    inclusion_probability: float | None


def believed(plan: ImportPlan, label: PlannedLabel, *, own_pool: Pool) -> Believed:
    """Return what is stored of what a file says of a label.

    Of people who work here we know ourselves what they have seen, which countries they know and what was drawn for
    them; of raters from elsewhere there is only the file.

    Args:
        plan: of the import.
        label: one of its new labels.
        own_pool: how its expert knows the country by what stands here.
    """
    entry, place = label.entry, (label.rater, label.response.id)
    if label.rater not in plan.working:
        return Believed(entry.phase, entry.pool or own_pool, entry.inclusion_probability)
    phase = "unblinded" if entry.phase == "blind" and place in plan.seen else entry.phase
    drawn = {held.inclusion_probability for held in plan.stored[place]}
    chance = entry.inclusion_probability if entry.inclusion_probability in drawn else None
    return Believed(phase, own_pool, chance)

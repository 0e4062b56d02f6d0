"""Words for people: a number with its noun, the beginning of a text."""


def shortened(text: str, length: int = 90) -> str:
    """Return the beginning of a text, cut between words where there are any."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + " …"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 pair" or "1,204 pairs"; a plural that does not only add an s is named."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

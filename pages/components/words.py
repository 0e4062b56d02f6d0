"""Numbers with their noun, for people."""


def counted(number: int, noun: str) -> str:
    """Return "1 pair" or "1,204 pairs"; the noun's plural ends in s."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")

"""What an import did, file by file, in the shape of the command's JSON."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from core.benchmark.reader import FileMeaning, Refusal

MAX_DETAILS = 500


@dataclass
class FileReport:
    """What became of one file's records; `details` names at most the first 500 warnings."""

    path: str
    kind: Literal["items", "responses", "judgements", "skipped"]
    subset: str | None = None
    setting: str | None = None
    accepted: int = 0
    unchanged: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    warnings: dict[str, int] = field(default_factory=dict)
    details: list[dict[str, str]] = field(default_factory=list)
    notice: str | None = None

    @classmethod
    def of(cls, name: str, meaning: FileMeaning) -> "FileReport":
        """Return an empty report of a file whose meaning is known."""
        return cls(path=name, kind=meaning.kind, subset=meaning.subset, setting=meaning.setting)

    def refuse(self, refusal: Refusal) -> None:
        """Note a record that did not enter."""
        self.refused.append({"record": refusal.record, "reason": refusal.reason})

    def warn(self, rows: list[tuple[str, str, str]]) -> None:
        """Note warnings, as (item, code, detail)."""
        self.warnings = dict(sorted(Counter(code for _, code, _ in rows).items()))
        self.details = [{"record": item, "code": code, "detail": detail} for item, code, detail in rows[:MAX_DETAILS]]


@dataclass
class ImportReport:
    """What one import did; `problems` are files that could not be read at all, each with the reason."""

    files: list[FileReport] = field(default_factory=list)
    images: dict[str, int] = field(default_factory=lambda: {"new": 0, "missing": 0, "rejected": 0})
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)

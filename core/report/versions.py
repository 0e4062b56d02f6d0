"""What a report was made with: the product and its code, Python, the libraries behind the numbers, the database."""

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import version

from sqlmodel import Session

from core.config import PROJECT
from core.report.contents import Fact

# Those that a number or its interval passes through, and the one that draws the file.
_LIBRARIES = ("numpy", "pandas", "sqlalchemy", "sqlmodel", "jinja2")


def versions(session: Session) -> tuple[Fact, ...]:
    """Return the versions, the product's first."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    database = session.get_bind().dialect.name
    schema = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return (
        Fact("CROSS Review", version("cross-review")),
        Fact("Its code", f"checksum {_checksum()}: the same code has the same checksum"),
        Fact("Python", platform.python_version()),
        Fact("Libraries", libraries),
        Fact("Database", f"{'SQLite' if database == 'sqlite' else 'PostgreSQL'}, schema {schema}"),
    )


@lru_cache(maxsize=1)
def _checksum() -> str:
    """Return the beginning of the SHA-256 over all modules of core, by their paths."""
    whole = hashlib.sha256()
    for path in sorted((PROJECT / "core").rglob("*.py")):
        whole.update(path.relative_to(PROJECT).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]

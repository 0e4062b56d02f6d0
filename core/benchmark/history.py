"""Queries about earlier imports."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from core.models import ImportedFile, Job


def imported_files(session: Session, *, limit: int = 50) -> Sequence[ImportedFile]:
    """Return the files imported last, newest first."""
    return session.exec(select(ImportedFile).order_by(col(ImportedFile.id).desc()).limit(limit)).all()


def newest_import_job(session: Session) -> Job | None:
    """Return the newest import that was started as a job, if there was one."""
    return session.exec(select(Job).where(Job.kind == "import").order_by(col(Job.id).desc()).limit(1)).first()

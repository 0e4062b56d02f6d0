"""Settings from the environment, and the places in the workspace folder they lead to."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import UserError

PROJECT = Path(__file__).resolve().parent.parent
SAMPLE = PROJECT / "data" / "sample"


class Settings(BaseSettings):
    """What the environment decides. Keys of model endpoints are read where they are used, never kept here."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    home: Path = Field(default=PROJECT / "data" / "workspace", validation_alias="CROSS_REVIEW_HOME")
    database_url_given: str | None = Field(default=None, validation_alias="DATABASE_URL")
    port: int = Field(default=8501, ge=1, le=65535, validation_alias="PORT")
    person: str = Field(default="Reviewer", max_length=80, validation_alias="CROSS_REVIEW_PERSON")
    split_seed: int = Field(default=0, validation_alias="CROSS_REVIEW_SPLIT_SEED")
    held_out_share: float = Field(default=0.5, ge=0, le=1, validation_alias="CROSS_REVIEW_HELD_OUT_SHARE")

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the database; a plain postgres:// address gets its driver named."""
        if not self.database_url_given:
            return f"sqlite:///{self.workspace / 'review.db'}"
        scheme, _, rest = self.database_url_given.partition("://")
        if not rest:
            raise UserError("DATABASE_URL is no address of a database. It looks like postgresql://user@host/name.")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else self.database_url_given

    @property
    def workspace(self) -> Path:
        """The workspace folder as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def images(self) -> Path:
        """Pictures, by the first two digits of their SHA-256."""
        return self.workspace / "images"

    @property
    def training_sets(self) -> Path:
        """Frozen training sets, one folder each."""
        return self.workspace / "training_sets"

    @property
    def runs(self) -> Path:
        """Training runs, one folder each."""
        return self.workspace / "runs"

    @property
    def models(self) -> Path:
        """Models this project builds itself (`smoke-test`)."""
        return self.workspace / "models"

    @property
    def jobs(self) -> Path:
        """Logs of jobs."""
        return self.workspace / "jobs"

    @property
    def downloads(self) -> Path:
        """Archives made for the browser; each can be made again."""
        return self.workspace / "downloads"

    @property
    def row_cache(self) -> Path:
        """What the library `datasets` unpacks for a training, one folder a run; gone when the training ends."""
        return self.workspace / "cache" / "datasets"

    @property
    def uploads(self) -> Path:
        """Files that came in through the browser and wait for their import."""
        return self.workspace / "uploads"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process; tests call `settings.cache_clear()` after changing the environment.

    Raises:
        UserError: a variable of the environment cannot be meant; the text names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"{first['loc'][0]}={first['input']!r}: {first['msg']}. Mend it and start again.") from error

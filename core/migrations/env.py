"""Runs the schema changes on the connection that `core.db.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

import core.models  # noqa: F401 - fills SQLModel.metadata

connection = context.config.attributes["connection"]
# render_as_batch: SQLite cannot alter a column, so a later change copies the table.
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

"""years lived in a country that nobody said are unknown, no longer 0; drafts of own items are kept until sent."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import core.models

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("country_known") as table:
        table.alter_column("years_lived", existing_type=sa.Integer(), nullable=True)
    # The field could not tell 0 from nothing.
    op.execute("UPDATE country_known SET years_lived = NULL WHERE years_lived = 0")
    op.create_table(
        "kept_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("changed_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "form"),
    )

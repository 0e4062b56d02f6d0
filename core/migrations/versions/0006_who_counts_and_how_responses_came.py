"""leases and locks say how their person knows the country, sessions and plans what they could have drawn"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OF_LABELS = """
UPDATE locked_response SET pool = COALESCE((
    SELECT MAX(label.pool) FROM label
    WHERE label.person_id = locked_response.person_id AND label.response_id = locked_response.response_id
), 'outside')
"""
_OF_PEOPLE = """
UPDATE lease SET pool = COALESCE((
    SELECT CASE WHEN country_known.is_from THEN 'from' ELSE 'knows' END
    FROM country_known JOIN item ON item.country = country_known.country JOIN response ON response.item_id = item.id
    WHERE country_known.person_id = lease.person_id AND response.id = lease.response_id
), 'outside')
"""
_UP_TO = """
UPDATE review_session SET drawn_up_to = (
    SELECT MAX(response.id) FROM response WHERE response.created_at <= review_session.created_at
)
"""


def upgrade():
    for table in ("lease", "locked_response"):
        pool = sa.Column("pool", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="outside")
        op.add_column(table, pool)
    op.execute(_OF_LABELS)
    op.execute(_OF_PEOPLE)
    op.add_column("assignment", sa.Column("follows", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("review_session", sa.Column("drawn_up_to", sa.Integer(), nullable=True))
    op.execute(_UP_TO)
    op.create_table(
        "plan_candidate",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["sampling_plan.id"]),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"]),
        sa.PrimaryKeyConstraint("plan_id", "response_id"),
    )
    op.create_index(op.f("ix_plan_candidate_response_id"), "plan_candidate", ["response_id"])

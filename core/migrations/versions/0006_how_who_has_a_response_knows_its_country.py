"""leases and locks say how their person knows the country: those from there are counted apart from all others"""

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


def upgrade():
    for table in ("lease", "locked_response"):
        pool = sa.Column("pool", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="outside")
        op.add_column(table, pool)
    op.execute(_OF_LABELS)
    op.execute(_OF_PEOPLE)

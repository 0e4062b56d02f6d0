"""where a judge run asked; runs of before get the address of their judge."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("judge_run", sa.Column("base_url", sa.String(), nullable=False, server_default=""))
    op.add_column("judge_run", sa.Column("api_key_env", sa.String()))
    op.execute(
        """
        UPDATE judge_run SET
            base_url = COALESCE((SELECT base_url FROM judge WHERE judge.id = judge_run.judge_id), ''),
            api_key_env = (SELECT api_key_env FROM judge WHERE judge.id = judge_run.judge_id)
        """
    )

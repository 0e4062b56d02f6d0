"""the tables of the whole loop."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import core.models

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "image",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("traceback", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("progress_note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("progress_since", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("progress_from", sa.Integer(), nullable=False),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("host", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("process_started", sa.Float(), nullable=True),
        sa.Column("heartbeat_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pseudonym", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("pseudonym"),
    )
    op.create_table(
        "workspace_setting",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_subject"), ["subject"], unique=False)

    op.create_table(
        "item",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("base_item_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subset", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_index", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wording", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language_label", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("domain", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("domain_origin", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("query", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("query_english", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("norm", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("norm_background", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("image_path", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("image_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("image_status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("image_note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("image_alt", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("family_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("norm_key", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("split", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("imported_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_sha256"],
            ["image.sha256"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_base_item_id"), ["base_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_content_hash"), ["content_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_domain"), ["domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_image_path"), ["image_path"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_image_sha256"), ["image_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_language"), ["language"], unique=False)
        batch_op.create_index("ix_item_listing", ["country", "base_item_id", "wording"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_norm_key"), ["norm_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_split"), ["split"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_subset"), ["subset"], unique=False)

    op.create_table(
        "review_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "training_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("folder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "item_warning",
        sa.Column("item_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.PrimaryKeyConstraint("item_id", "code"),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("setting", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "model", "setting", "round"),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_response_item_status", ["item_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_model"), ["model"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_status"), ["status"], unique=False)

    op.create_table(
        "training_run",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("training_set_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("total_steps", sa.Integer(), nullable=True),
        sa.Column("final", sa.JSON(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["job.id"],
        ),
        sa.ForeignKeyConstraint(
            ["training_set_id"],
            ["training_set.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("training_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_run_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_run_training_set_id"), ["training_set_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("inclusion_probability", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["review_session.id"],
        ),
        sa.PrimaryKeyConstraint("session_id", "position"),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_response_id"), ["response_id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("judge", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("judge_model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("judge_round", sa.Integer(), nullable=False),
        sa.Column("prompt_version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("raw_score", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rationale", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("raw_reply", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("cost_usd", sa.Float(), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("response_id", "dimension", "judge", "judge_round", "prompt_version"),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_judge"), ["judge"], unique=False)
        batch_op.create_index(batch_op.f("ix_judgement_response_id"), ["response_id"], unique=False)

    op.create_table(
        "label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("phase", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("cant_say", sa.Boolean(), nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language_shown", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("translation_shown", sa.Boolean(), nullable=False),
        sa.Column("inclusion_probability", sa.Float(), nullable=True),
        sa.Column("opened_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_key_at", core.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "response_id", "dimension", "form_id"),
    )
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.create_index("ix_label_person_response", ["person_id", "response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_response_id"), ["response_id"], unique=False)

    op.create_table(
        "locked_response",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "response_id"),
    )
    with op.batch_alter_table("locked_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_locked_response_response_id"), ["response_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_person_response", ["person_id", "response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_response_id"), ["response_id"], unique=False)

    op.create_table(
        "pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chosen", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rejected", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chosen_kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chosen_response_id", sa.Integer(), nullable=True),
        sa.Column("chosen_author", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rejected_kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rejected_response_id", sa.Integer(), nullable=True),
        sa.Column("rejected_author", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("negative_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_response_id"],
            ["response.id"],
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rejected_response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_status"), ["status"], unique=False)

    op.create_table(
        "scores_seen",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", core.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "response_id"),
    )
    with op.batch_alter_table("scores_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scores_seen_response_id"), ["response_id"], unique=False)

    op.create_table(
        "training_metric",
        sa.Column("run_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["training_run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "step", "name"),
    )
    op.create_table(
        "training_set_pair",
        sa.Column("training_set_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["pair.id"],
        ),
        sa.ForeignKeyConstraint(
            ["training_set_id"],
            ["training_set.id"],
        ),
        sa.PrimaryKeyConstraint("training_set_id", "pair_id"),
    )
    with op.batch_alter_table("training_set_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_set_pair_pair_id"), ["pair_id"], unique=False)


def downgrade():
    with op.batch_alter_table("training_set_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_set_pair_pair_id"))

    op.drop_table("training_set_pair")
    op.drop_table("training_metric")
    with op.batch_alter_table("scores_seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scores_seen_response_id"))

    op.drop_table("scores_seen")
    with op.batch_alter_table("pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pair_status"))
        batch_op.drop_index(batch_op.f("ix_pair_item_id"))

    op.drop_table("pair")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_response_id"))
        batch_op.drop_index("ix_note_person_response")

    op.drop_table("note")
    with op.batch_alter_table("locked_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_locked_response_response_id"))

    op.drop_table("locked_response")
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_response_id"))
        batch_op.drop_index("ix_label_person_response")

    op.drop_table("label")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judgement_response_id"))
        batch_op.drop_index(batch_op.f("ix_judgement_judge"))

    op.drop_table("judgement")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_response_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("training_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_run_training_set_id"))
        batch_op.drop_index(batch_op.f("ix_training_run_job_id"))

    op.drop_table("training_run")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_status"))
        batch_op.drop_index(batch_op.f("ix_response_model"))
        batch_op.drop_index("ix_response_item_status")
        batch_op.drop_index(batch_op.f("ix_response_item_id"))

    op.drop_table("response")
    op.drop_table("item_warning")
    op.drop_table("training_set")
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_session_person_id"))

    op.drop_table("review_session")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_subset"))
        batch_op.drop_index(batch_op.f("ix_item_split"))
        batch_op.drop_index(batch_op.f("ix_item_norm_key"))
        batch_op.drop_index("ix_item_listing")
        batch_op.drop_index(batch_op.f("ix_item_language"))
        batch_op.drop_index(batch_op.f("ix_item_image_sha256"))
        batch_op.drop_index(batch_op.f("ix_item_image_path"))
        batch_op.drop_index(batch_op.f("ix_item_family_id"))
        batch_op.drop_index(batch_op.f("ix_item_domain"))
        batch_op.drop_index(batch_op.f("ix_item_country"))
        batch_op.drop_index(batch_op.f("ix_item_content_hash"))
        batch_op.drop_index(batch_op.f("ix_item_base_item_id"))

    op.drop_table("item")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_subject"))
        batch_op.drop_index(batch_op.f("ix_event_kind"))

    op.drop_table("event")
    op.drop_table("workspace_setting")
    op.drop_table("person")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_kind"))

    op.drop_table("job")
    op.drop_table("imported_file")
    op.drop_table("image")

"""drop unread: the text of an item, which is drawn from its note, and an index that no query walks"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEMS = "UPDATE item SET stem = (SELECT prompt FROM card WHERE card.id = item.card_id)"


def upgrade():
    with op.batch_alter_table("item") as batch_op:
        batch_op.drop_index("ix_item_note_id")
        batch_op.drop_column("stem")


def downgrade():
    """Bring the column back with what was in it nearly always: an item asks what its card asks."""
    with op.batch_alter_table("item") as batch_op:
        batch_op.add_column(sa.Column("stem", sa.Text(), nullable=True))
        batch_op.create_index("ix_item_note_id", ["note_id"], unique=False)
    op.execute(STEMS)
    with op.batch_alter_table("item") as batch_op:
        batch_op.alter_column("stem", existing_type=sa.Text(), nullable=False)

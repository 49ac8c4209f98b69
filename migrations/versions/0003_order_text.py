"""order text: PostgreSQL sorts by code point as SQLite does, whatever language its database was made for"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT_COLUMNS = sa.text(
    "SELECT attrelid::regclass, quote_ident(attname), format_type(atttypid, atttypmod)"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND attnum > 0 AND NOT attisdropped AND attcollation <> 0"
)


def collate(collation):
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table, column, type_ in connection.execute(TEXT_COLUMNS).all():
            op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {type_} COLLATE "{collation}"')


def upgrade():
    collate("C")


def downgrade():
    collate("default")

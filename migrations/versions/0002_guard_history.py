"""guard history: the logs refuse UPDATE always, and DELETE while their learner exists"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LOGS = ("review", "response", "attempt_item")
OF_KEY = "learner_id = NEW.learner_id AND answer_key = NEW.answer_key"
SAME = {  # conditions of one index each: joined by OR they would walk all that a learner ever did
    "review": ("learner_id = NEW.learner_id AND seq = NEW.seq", OF_KEY),
    "response": ("learner_id = NEW.learner_id AND seq = NEW.seq", OF_KEY),
    "attempt_item": (
        "learner_id = NEW.learner_id AND attempt_id = NEW.attempt_id AND position = NEW.position",
    ),
}


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        for log in LOGS:
            op.execute(
                f"CREATE TRIGGER {log}_no_update BEFORE UPDATE ON {log} "
                f"BEGIN SELECT RAISE(ABORT, '{log} is append-only'); END"
            )
            op.execute(
                f"CREATE TRIGGER {log}_no_delete BEFORE DELETE ON {log} "
                "WHEN EXISTS (SELECT 1 FROM learner WHERE id = OLD.learner_id) "
                f"BEGIN SELECT RAISE(ABORT, '{log} is append-only'); END"
            )
            taken = " OR ".join(f"EXISTS (SELECT 1 FROM {log} WHERE {same})" for same in SAME[log])
            op.execute(  # INSERT OR REPLACE deletes without firing the trigger above
                f"CREATE TRIGGER {log}_no_replace BEFORE INSERT ON {log} "
                f"WHEN {taken} "
                f"BEGIN SELECT RAISE(ABORT, '{log} is append-only'); END"
            )
        return
    refuse = (
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'"
    )
    op.execute(
        f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_delete() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF EXISTS (SELECT 1 FROM learner WHERE id = OLD.learner_id) THEN "
        f"{refuse}; END IF; RETURN OLD; END $$"
    )
    for log in LOGS:
        op.execute(
            f"CREATE TRIGGER {log}_no_update BEFORE UPDATE ON {log} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {log}_no_delete BEFORE DELETE ON {log} FOR EACH ROW EXECUTE FUNCTION refuse_delete()"
        )
        op.execute(  # which fires no trigger of rows
            f"CREATE TRIGGER {log}_no_truncate BEFORE TRUNCATE ON {log} EXECUTE FUNCTION refuse_change()"
        )


def downgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for log in LOGS:
        for action in ("update", "delete", "truncate" if postgresql else "replace"):
            on = f" ON {log}" if postgresql else ""
            op.execute(f"DROP TRIGGER {log}_no_{action}{on}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_delete()")

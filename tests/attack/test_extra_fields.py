"""A form says what its own fields say: what is sent besides, named like the columns of the database, lands nowhere."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, types

from quizapp.accounts.models import User
from quizapp.db import UtcTime, db
from quizapp.web.access import Role
from tests.attack.crowd import PLAUSIBLE, Owner, address_of, rules
from tests.attack.ledger import Ledger, ledger

NUMBER, WORD = 7_654_321, "zqextraqz"
A_FORMS_OWN = {"sitting.scope"}  # of what a drill is begun: its form has a field "tag", too
ENDS_ALL = {"security.logout", "accounts.delete", "accounts.end_session", "accounts.end_sessions"}


def extra_fields() -> dict[str, str]:
    """Return a field for each column of each table, with a value that it could hold."""
    fields = {"is_administrator": "1", "owner": str(NUMBER), "score": str(NUMBER), "points": str(NUMBER)}
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            whole = isinstance(column.type, (types.Integer, UtcTime))
            fields[column.name] = str(NUMBER) if whole else WORD
    return fields | {"role": str(int(Role.ADMINISTRATOR))}


def places_of_what_was_sent(rows: Ledger) -> set[str]:
    """Return table.column wherever one of the values sent stands."""
    found = set()
    for table in db.metadata.sorted_tables:
        for row in rows[table.name]:
            for column, value in zip(table.columns, row, strict=True):
                if WORD in str(value) or str(NUMBER) in str(value):
                    found.add(f"{table.name}.{column.name}")
    return found


def roles() -> set[tuple[int, int]]:
    return {tuple(row) for row in db.session.execute(select(User.id, User.role))}


@pytest.mark.parametrize(
    "role", [Role.GUEST, Role.LEARNER, Role.INSTRUCTOR], ids=lambda role: role.name.lower()
)
def test_what_is_sent_besides_a_forms_fields_lands_nowhere(
    site: Flask, owners: dict[Role, Owner], role: Role
) -> None:
    person, before = owners[role].person, roles()
    taken = 0
    for rule in rules(site, "POST"):
        if rule.endpoint in ENDS_ALL:
            continue
        fields = extra_fields() | PLAUSIBLE | {"csrf_token": person.enter()}
        answer = person.client.post(address_of(site, rule, person.things), data=fields)
        assert answer.status_code < 500, rule
        taken += answer.status_code == 303
    assert taken > 5
    assert roles() == before
    assert places_of_what_was_sent(ledger()) == A_FORMS_OWN

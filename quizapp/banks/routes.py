"""Pictures of banks, by the hash of their bytes."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, make_response

from quizapp.accounts.guards import open_to_all
from quizapp.banks import queries
from quizapp.banks.offering import queries as offering
from quizapp.errors import NotFound

blueprint = Blueprint("banks", __name__)

_A_YEAR = 31_536_000


@blueprint.get("/media/<string(length=64):sha256>")
@open_to_all
def medium(sha256: str) -> Response:
    """Serve one picture, which never changes under its address, and can do nothing but be seen.

    A learner sees those of the banks offered to them and, for the sake of their history, of those they have met.
    """
    found, bank_ids = queries.medium(sha256), offering.banks_with_picture(sha256)
    public = offering.is_readable(None, bank_ids)
    if not (public or _is_shown(bank_ids)):
        raise NotFound("There is no picture at this address.")
    response = make_response(found.content)
    response.mimetype = found.kind
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age={_A_YEAR}, immutable"
    return response


def _is_shown(bank_ids: list[int]) -> bool:
    learner_id = g.viewer.learner_id
    if learner_id is None:
        return False
    return offering.is_readable(learner_id, bank_ids) or current_app.extensions["has_met"](
        learner_id, bank_ids
    )

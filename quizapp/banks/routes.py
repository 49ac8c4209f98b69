"""Pictures of banks, by the hash of their bytes."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from quizapp.accounts.guards import open_to_all
from quizapp.banks import queries

blueprint = Blueprint("banks", __name__)

_A_YEAR = 31_536_000


@blueprint.get("/media/<string(length=64):sha256>")
@open_to_all
def medium(sha256: str) -> Response:
    """Serve one picture, which never changes under its address, and can do nothing but be seen."""
    found = queries.medium(sha256)
    response = make_response(found.content)
    response.mimetype = found.kind
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response

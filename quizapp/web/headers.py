"""The headers of every response: pages, errors and static files alike."""

from __future__ import annotations

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    ReferrerPolicy,
    Secure,
    XContentTypeOptions,
)
from whitenoise.base import Headers

# The library's presets add upgrade-insecure-requests, which breaks plain http on a campus network.
_POLICY = (
    ContentSecurityPolicy()
    .default_src("'self'")
    .img_src("'self'", "data:")
    .object_src("'none'")
    .base_uri("'none'")
    .form_action("'self'")
    .frame_ancestors("'none'")
)
SECURITY_HEADERS = dict(
    Secure(
        csp=_POLICY,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
    ).header_items()
)
_HSTS = "max-age=31536000"
# Nearly every page is one person's; the few public ones carry that person's form token.
_ADDED = [
    (name.lower(), name, value) for name, value in {**SECURITY_HEADERS, "Cache-Control": "no-store"}.items()
]


def init_app(app: Flask) -> None:
    """Add the headers to each response; a view that needs stricter ones has set its own before."""
    app.after_request(_add)


def add_to_static(headers: Headers, path: str, url: str) -> None:
    """Add the headers to a static file: those are answered in front of the application."""
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value


def _add(response: Response) -> Response:
    own = {name.lower() for name, _ in response.headers}
    for key, name, value in _ADDED:
        if key not in own:  # `setdefault` would look through all headers for each
            response.headers.add(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
    return response

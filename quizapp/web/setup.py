"""What every request passes, whatever the feature: proxy, headers, tokens, errors, filters, static files."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.config import Settings
from quizapp.web import (
    access,
    bounds,
    cookies,
    errors,
    filters,
    frame,
    headers,
    log,
    metrics,
    routes,
    static,
    tokens,
)


def init_app(app: Flask) -> None:
    """Set up `app`, whose settings stand in `app.extensions["settings"]`."""
    settings: Settings = app.extensions["settings"]
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a card may lie open all night
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    metrics.init_app(app)
    log.init_app(app)
    headers.init_app(app)
    cookies.init_app(app)
    bounds.init_app(app)
    tokens.FormTokens(app)
    Compress(app)
    errors.init_app(app)
    filters.init_app(app)
    frame.init_app(app)
    app.register_blueprint(routes.blueprint)
    access.declare(app, {"static": access.Role.VISITOR})
    static.init_app(app, data=settings.data)
    if settings.hosts:
        own = settings.hosts[0].removeprefix(".")
        app.wsgi_app = routes.AskedByAnyName(app.wsgi_app, own)  # type: ignore[method-assign]
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=hops, x_prefix=hops
        )

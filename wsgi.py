"""`wsgi:app` for any WSGI server; `python wsgi.py` sets everything up and serves."""

from quizapp.app import create_app
from quizapp.config import SettingError

try:
    app = create_app()
except SettingError as error:
    raise SystemExit(str(error)) from error

if __name__ == "__main__":
    # Here, because gunicorn exists on Unix only and `wsgi:app` does not need it.
    from quizapp.serve import serve

    serve(app)

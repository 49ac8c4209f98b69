"""`wsgi:app` for any WSGI server; `python wsgi.py` sets everything up and serves."""

import gc

gc.disable()  # whatever is made while modules load stays: the collector would look through it again and again in vain

from quizapp.app import create_app  # noqa: E402
from quizapp.config import SettingError  # noqa: E402

try:
    app = create_app()
except SettingError as error:
    raise SystemExit(str(error)) from error
except OSError as error:  # static files are written into the data folder
    raise SystemExit(
        f"quizapp cannot start: {error.filename2 or error.filename}: {error.strerror}."
    ) from error
gc.freeze()  # and need not look there later
gc.enable()

if __name__ == "__main__":
    # Here, because gunicorn exists on Unix only and `wsgi:app` does not need it.
    from quizapp.serve import serve

    serve(app)

"""Who may see a bank, in rising order."""

from __future__ import annotations

import enum


class Visibility(enum.IntEnum):
    """`AUTHORS`: owner and co-authors. `SIGNED_IN`: everybody with an account. `EVERYONE`: guests and visitors too."""

    AUTHORS = 0
    SIGNED_IN = 1
    EVERYONE = 2

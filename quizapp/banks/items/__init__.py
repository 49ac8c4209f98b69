"""What can be asked in a quiz; `base.py` states the contract of an item type."""

from __future__ import annotations

from quizapp.banks.items.base import ItemType
from quizapp.banks.items.multiple import MULTIPLE
from quizapp.banks.items.single import SINGLE
from quizapp.banks.table import table

ITEM_TYPES: dict[str, ItemType] = table(SINGLE, MULTIPLE)

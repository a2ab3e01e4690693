"""The table of attributes of what only Prefect Cloud has: a file per part, each with its ``CASES``.

A part may say in ``ELSEWHERE``, by type, why an object has no place in the table: ``{"prefect_account": "…"}``.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.objects.table import Case

__all__ = ["CASES", "ELSEWHERE"]

_PARTS: Final = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]

CASES: Final[tuple[Case, ...]] = tuple(case for part in _PARTS for case in part.CASES)

ELSEWHERE: Final[dict[str, str]] = {
    name: why for part in _PARTS for name, why in getattr(part, "ELSEWHERE", {}).items()
}

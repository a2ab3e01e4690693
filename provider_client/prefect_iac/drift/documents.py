"""Two JSON documents side by side: what is different, place by place, without what may be secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from prefect_iac.drift.alignment import align
from prefect_iac.drift.masking import told
from prefect_iac.secrecy.documents import document_in, hidden_items, hidden_keys, is_open
from prefect_provider.plugin.language.kinds import freeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.drift.report import ValueChange
    from prefect_provider.text.path import Path

__all__ = ["document_changes"]


class _Show(Protocol):
    """Makes of a document what a report may have."""

    def __call__(self, document: Any, *, secret: bool) -> Any: ...


def document_changes(
    was: Any, now: Any, path: Path, show: _Show, *, secret: bool = False
) -> Iterator[ValueChange]:
    """Every place that is different, below ``path``; ``secret``: what is here may be a secret as a whole."""
    if freeze(was) == freeze(now):
        return
    if secret and is_open(was) and is_open(now):
        secret = False
    if not secret:
        was, now = _opened(was, now)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _fields(was, now, path, show)
            return
        if isinstance(was, list) and isinstance(now, list):
            yield from _elements(was, now, path, show)
            return
    yield told(path, show(was, secret=secret), show(now, secret=secret))


def _opened(was: Any, now: Any) -> tuple[Any, Any]:
    """What two texts hold, if both are JSON."""
    if isinstance(was, str) and isinstance(now, str):
        before, after = document_in(was), document_in(now)
        if type(before) is type(after) and before is not None and freeze(before) != freeze(after):
            return before, after
    return was, now


def _fields(was: Mapping[str, Any], now: Mapping[str, Any], path: Path, show: _Show) -> Iterator[ValueChange]:
    hidden = hidden_keys(was) | hidden_keys(now)
    for key in sorted({*was, *now}):
        at, secret = (*path, key), key in hidden
        if key not in now:
            yield told(at, show(was[key], secret=secret), None, "removed")
        elif key not in was:
            yield told(at, None, show(now[key], secret=secret), "added")
        else:
            yield from document_changes(was[key], now[key], at, show, secret=secret)


def _elements(was: list[Any], now: list[Any], path: Path, show: _Show) -> Iterator[ValueChange]:
    hidden_before, hidden_after = hidden_items(was), hidden_items(now)
    for pair in align(was, now, freeze):
        match pair:
            case None, int(new):
                yield told((*path, new), None, show(now[new], secret=new in hidden_after), "added")
            case int(old), None:
                yield told((*path, old), show(was[old], secret=old in hidden_before), None, "removed")
            case int(old), int(new):
                secret = old in hidden_before or new in hidden_after
                yield from document_changes(was[old], now[new], (*path, old), show, secret=secret)

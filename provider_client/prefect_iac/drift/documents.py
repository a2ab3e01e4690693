"""Two JSON documents side by side: what is different, place by place, without what may be secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect_iac.drift.alignment import align
from prefect_iac.drift.masking import told
from prefect_iac.secrecy.documents import document_in, hidden_items, hidden_keys, is_open
from prefect_provider.plugin.language.kinds import freeze
from prefect_provider.text.masking import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.drift.masking import Masking
    from prefect_iac.drift.report import ValueChange
    from prefect_provider.text.path import Path

__all__ = ["document_changes"]


def document_changes(
    was: Any, now: Any, path: Path, masking: Masking, *, secret: bool = False
) -> Iterator[ValueChange]:
    """Every place that is different, below ``path``; ``secret``: what is here may be a secret as a whole."""
    if freeze(was) == freeze(now):
        return
    if masking.hides(path):
        yield told(path, SENSITIVE, SENSITIVE)
        return
    if secret and is_open(was) and is_open(now):
        secret = False
    if not secret:
        was, now = _opened(was, now)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _fields(was, now, path, masking)
            return
        if isinstance(was, list) and isinstance(now, list):
            yield from _elements(was, now, path, masking)
            return
    shown = (masking.shown_document(document, path, secret=secret) for document in (was, now))
    yield told(path, *shown)


def _opened(was: Any, now: Any) -> tuple[Any, Any]:
    """What two texts hold, if both are JSON."""
    if isinstance(was, str) and isinstance(now, str):
        before, after = document_in(was), document_in(now)
        if type(before) is type(after) and before is not None and freeze(before) != freeze(after):
            return before, after
    return was, now


def _fields(
    was: Mapping[str, Any], now: Mapping[str, Any], path: Path, masking: Masking
) -> Iterator[ValueChange]:
    hidden = hidden_keys(was) | hidden_keys(now)
    for key in sorted({*was, *now}):
        at, secret = (*path, key), key in hidden
        if key not in now:
            yield told(at, masking.shown_document(was[key], at, secret=secret), None, "removed")
        elif key not in was:
            yield told(at, None, masking.shown_document(now[key], at, secret=secret), "added")
        else:
            yield from document_changes(was[key], now[key], at, masking, secret=secret)


def _elements(was: list[Any], now: list[Any], path: Path, masking: Masking) -> Iterator[ValueChange]:
    hidden_before, hidden_after = hidden_items(was), hidden_items(now)
    for pair in align(was, now, freeze):
        match pair:
            case None, int(new):
                at = (*path, new)
                shown = masking.shown_document(now[new], at, secret=new in hidden_after)
                yield told(at, None, shown, "added")
            case int(old), None:
                at = (*path, old)
                shown = masking.shown_document(was[old], at, secret=old in hidden_before)
                yield told(at, shown, None, "removed")
            case int(old), int(new):
                secret = old in hidden_before or new in hidden_after
                yield from document_changes(was[old], now[new], (*path, old), masking, secret=secret)

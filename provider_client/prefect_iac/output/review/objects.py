"""What a plan does to each object, in words: a row of the table that comes first, and the whole of it by object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.output.drift import change_in_words, shown_value
from prefect_iac.output.report import Detail, Paragraph, Table
from prefect_iac.review.values import LATER
from prefect_provider.text.path import show_path
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.drift.report import ValueChange
    from prefect_iac.output.report import Block
    from prefect_iac.review.changes import Change, Deed, Taken

__all__ = ["called", "counted_types", "details_of", "diff_of", "notes_of", "table_of"]

_LONGEST: Final = 160
"""Characters of one value; what is longer is cut, for it is no reviewer's to read."""
_FEW: Final = 3
"""Changes, or objects that go along, that a row names."""
_MOST: Final = 40
"""Rows; of what is lost there may be more."""

_LOST: Final[tuple[Deed, ...]] = ("destroy", "replace")

_MARKS: Final[Mapping[Deed, str]] = {"destroy": "-", "create": "+", "replace": "-/+"}


def table_of(changes: Sequence[Change], told: Mapping[str, Sequence[str]]) -> tuple[Block, ...]:
    """What is done, the object, and what becomes of it: all that is lost, then the rest as far as there is room.

    ``told``: by address, what other parts have found out about an object.
    """
    lost = [change for change in changes if change.deed in _LOST]
    others = [change for change in changes if change.deed not in _LOST]
    shown = others[: max(0, _MOST - len(lost))]
    rows = tuple(
        (change.deed, called(change), _becomes(change, told.get(change.address, ())))
        for change in (*lost, *shown)
    )
    blocks: list[Block] = [Table(("", "object", "now -> planned"), rows)] if rows else []
    if len(others) > len(shown):
        deeds = Counter(change.deed for change in others[len(shown) :])
        rest = ", ".join(f"{number} {deed}" for deed, number in deeds.items())
        blocks.append(Paragraph(f"And {len(others) - len(shown)} more: {rest}."))
    return tuple(blocks)


def called(change: Change) -> str:
    """An object by its address, and by its name where that tells more."""
    label = change.address.rpartition(".")[2].partition("[")[0]
    return change.address if change.name in ("", label) else f"{change.address} ({change.name})"


def details_of(change: Change) -> tuple[Detail, ...]:
    """Each place that changes, and how."""
    is_new = change.deed == "create"
    return tuple(
        Detail(show_path(one.path), _said(one, is_new=is_new))
        for one in change.values
        if not is_new or _without_nothing(one.now) not in (None, {}, [], "")
    )


def notes_of(change: Change) -> tuple[str, ...]:
    """What goes along, and what else there is to say."""
    notes = list(change.notes)
    if change.takes:
        notes.insert(0, _takes(change.takes, every=True))
    if change.damage:
        notes.append(f"its values cannot be told: {change.damage}")
    return tuple(notes)


def diff_of(changes: Iterable[Change]) -> str:
    """All of the plan by object, as the text of a diff."""
    lines = []
    for change in changes:
        mark = _MARKS.get(change.deed, "~")
        lines.append(f"{mark} {change.deed} {called(change)}")
        lines += (f"    {note}" for note in notes_of(change))
        lines += (f"    {detail.place}: {detail.text}" for detail in details_of(change))
    return "\n".join(lines)


def counted_types(types: Iterable[str]) -> str:
    """Numbers of objects by type, as in a sentence: ``2 flows and 1 work pool``."""
    counts = Counter(type_.removeprefix("prefect_").replace("_", " ") for type_ in types)
    parts = [counted(number, noun) for noun, number in counts.items()]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _becomes(change: Change, told: Sequence[str]) -> str:
    parts = [_takes(change.takes, every=False)] if change.takes else []
    parts += told
    parts += change.notes
    if change.damage:
        parts.append("its values cannot be told")
    if change.deed not in ("create", "destroy", "forget", "defer"):
        # What is said of schedules in words is not said again in values.
        scheduled = any(one.startswith("schedule ") for one in told)
        values = [one for one in details_of(change) if not (scheduled and one.place.startswith("schedules"))]
        parts += (f"{detail.place}: {detail.text}" for detail in values[:_FEW])
        if len(values) > _FEW:
            parts.append(f"{len(values) - _FEW} more")
    return "; ".join(parts)


def _takes(taken: Sequence[Taken], *, every: bool) -> str:
    """``3 deployments go with it (2 not managed here): etl/a, etl/b, etl/c``."""
    strangers = sum(not one.address for one in taken)
    verb = "goes" if len(taken) == 1 else "go"
    here = f" ({strangers} not managed here)" if strangers else ""
    shown = [one.name or one.address for one in taken]
    if not every and len(shown) > _FEW:
        shown = [*shown[:_FEW], f"and {len(shown) - _FEW} more"]
    return f"{counted_types(one.type for one in taken)} {verb} with it{here}: {', '.join(shown)}"


def _said(change: ValueChange, *, is_new: bool) -> str:
    change = change._replace(was=_without_nothing(change.was), now=_without_nothing(change.now))
    text = shown_value(change.now) if is_new else change_in_words(change)
    text = text.replace(json.dumps(LATER), LATER)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _without_nothing(document: Any) -> Any:
    """A document without the fields that have no value: they say nothing to a reviewer."""
    match document:
        case Mapping():
            shown = {key: _without_nothing(item) for key, item in document.items()}
            return {key: item for key, item in shown.items() if item is not None}
        case list() | tuple():
            return [_without_nothing(item) for item in document]
    return document

"""What may stand in an answer, and what must not come of it: every field of every answer of an object's life replaced.

Each life is recorded and lived again with one answer changed. Every run tries a part of the changes, chosen by the seed
that ``HOSTILE_SEED`` names; ``HOSTILE_SHARE=1`` tries all.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from prefect_provider.api import Answer
from prefect_provider.plugin.language.kinds import AnyValue
from prefect_provider.plugin.wire.codec import encode
from prefect_provider.text.json import kind_of
from tests.objects.recorded_life import Change, Recorded, live
from tests.objects.terraform_core import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from tests.objects.recorded_life import Replay
    from tests.objects.table import Case
    from tests.objects.terraform_core import World

__all__ = ["SHARE", "Tried", "try_answers"]

SHARE: Final = float(os.environ.get("HOSTILE_SHARE", "0.1"))
SEED: Final = int(os.environ.get("HOSTILE_SEED", "0"))

_REQUEST: Final = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) /\w+")
_FOREIGN: Final = "0198f3a4-5555-4222-8333-944455556666"
_MISSING: Final = object()
_ODD: Final[tuple[Any, ...]] = (None, 7, -1.5, True, "\x1b[31mtext\x07", [], ["x"], {}, {"a": {}}, _MISSING)
_BODIES: Final[tuple[bytes, ...]] = (
    b"",
    b"<html><title>hello</title></html>",
    b'{"id": ',
    b"\xff\xfe",
    b"NaN",
    b'{"id": 1, "id": 2}',
    b"[" * 5000 + b"]" * 5000,
    b"9" * 5000,
    b"1e999",
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from _places(part, (*path, step))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    changed = value.copy()
    if not rest and new is _MISSING:
        del changed[step]
    else:
        changed[step] = _with(value[step], tuple(rest), new)
    return changed


def _changes(recorded: Recorded, chosen: Callable[[], bool]) -> Iterator[tuple[str, Change]]:
    """Each answer with each of its places replaced, and with other bodies; of these, those that are chosen."""
    for index, exchange in enumerate(recorded.exchanges):
        answer, at = exchange.answer, f"{exchange.method} {exchange.url.partition('/api')[2]}"
        kind = {"content-type": "application/json"}
        status = 200 if answer.status == 204 else answer.status
        for body in filter(lambda _: chosen(), _BODIES):
            yield f"{at}: {body[:20]!r}", Change(index, Answer(status, kind, body))
        data = json.loads(answer.body) if answer.body else None
        for path in _places(data):
            for odd in _ODD:
                if (path == () and odd is _MISSING) or not chosen():
                    continue
                body = json.dumps(_with(data, path, odd)).encode()
                yield f"{at}: {path} = {odd!r}", Change(index, Answer(status, kind, body))


def _judge(recorded: Recorded, outcome: Any, replay: Replay, kind: Any) -> str:
    """What is wrong with what came of a life with a changed answer; empty if nothing is."""
    told = " ".join(f"{one.summary} {one.detail}" for one in outcome.diagnostics)
    if "defect" in told or "Unexpected error" in told:
        return "called a defect"
    if any(code in told for code in "\x1b\x07"):
        return "a control character in a message"
    state = outcome.state
    if any(one.severity == "error" and not _tells_where(one) for one in outcome.diagnostics):
        return "names no request"
    if recorded.name == "delete":
        # What is not deleted by DELETE is put back, or replaced by nothing.
        how = {one.method for one in recorded.exchanges if one.is_write}
        deleted = any(one.is_write and one.method in how for one in replay.sent)
        return "" if deleted or state is not None else "taken as deleted, and was not"
    if state is None:
        made = any(one.creates and one.url == _creation(recorded) for one in replay.sent)
        # A key that nobody can know is deleted at once.
        undone = any(one.method == "DELETE" for one in replay.sent)
        if made and not undone and recorded.name == "create":
            return "lost what was created"
        if not outcome.diagnostics.has_errors:
            return "taken as gone"
        return "dropped from state" if recorded.name.startswith(("refresh", "update")) else ""
    return _judge_state(recorded.outcome.state, outcome, kind)


def _judge_state(before: Any, outcome: Any, kind: Any) -> str:
    """What is wrong with a state that came of it."""
    state = outcome.state
    encode(state, kind.object_type())
    if state["id"] != before["id"]:
        return f"a wrong id in state, {state['id']!r}"
    key = getattr(kind, "resource", kind).key
    if key and _FOREIGN in (state[name] for name in key.names):
        return "another object's name in state"
    if outcome.diagnostics.has_errors:
        return ""
    odd = [name for name in state if not _plausible(kind.attributes[name], before[name], state[name])]
    return f"a wrong state: {odd}" if odd else ""


def _creation(recorded: Recorded) -> str:
    """Where the object itself was posted: its answer has the id that is in state."""
    for one in recorded.exchanges:
        made = json.loads(one.answer.body) if one.creates else None
        if (
            made is not None
            and (made[0] if isinstance(made, list) else made)["id"] == recorded.outcome.state["id"]
        ):
            return one.url
    return ""


def _tells_where(error: Diagnostic) -> bool:
    """The request; or the attribute, or the import id, that does not go with what a server may say in all honesty."""
    return bool(error.path) or error.summary == "No such object" or _REQUEST.search(error.detail) is not None


def _plausible(attribute: Any, before: Any, now: Any) -> bool:
    """Whether a value may be one of an honest server: of its kind, or not set where that can be."""
    if now == before or isinstance(attribute.kind, AnyValue):
        return True
    if now is None:
        return not attribute.required
    return before is None or kind_of(now) == kind_of(before)


class Tried(NamedTuple):
    """How many changed answers were tried, and what was wrong with what came of them."""

    number: int
    violations: list[str]


def try_answers(world: World, case: Case, *, share: float) -> Tried:
    """Live the life of a table's object again with a share of all changed answers, and with all of other objects."""
    seeded = random.Random(SEED)  # noqa: S311 - no secret
    tried = 0
    violations: list[str] = []
    for recorded in live(world, case):
        same, _ = recorded.again(None)
        assert shown(same.diagnostics) == shown(recorded.outcome.diagnostics)
        assert same.state == recorded.outcome.state
        some = _changes(recorded, lambda: seeded.random() < share)
        for what, change in itertools.chain(some, _foreign(recorded)):
            outcome, replay = recorded.again(change)
            tried += 1
            wrong = _judge(recorded, outcome, replay, recorded.kind or case.resource)
            if wrong:
                violations.append(f"{recorded.name}, {what}: {wrong}; {shown(outcome.diagnostics)}")
    return Tried(tried, violations)


def _foreign(recorded: Recorded) -> Iterator[tuple[str, Change]]:
    """Each answer to a question for the object by its id, or by its name, with another one's."""
    state = recorded.outcome.state
    if state is None:
        return
    for index, exchange in enumerate(recorded.exchanges):
        data = json.loads(exchange.answer.body) if exchange.answer.body and not exchange.is_write else None
        asked = unquote(exchange.url) + (exchange.body or b"").decode()
        for path, field in itertools.product(((), (0,)), ("id", "name", "slug", "tag")):
            there = data[0] if path and isinstance(data, list) and data else None if path else data
            ours = state.get(field)
            if not isinstance(there, dict) or ours is None or there.get(field) != ours or ours not in asked:
                continue
            body = json.dumps(_with(data, (*path, field), _FOREIGN)).encode()
            what = f"{exchange.method} {exchange.url.partition('/api')[2]}: another {field}"
            answer = Answer(exchange.answer.status, {"content-type": "application/json"}, body)
            yield what, Change(index, answer)

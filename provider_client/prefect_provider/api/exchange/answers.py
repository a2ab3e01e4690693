"""What an answer says: its JSON, whether it is Prefect's own, and whether it has the shape that it must have.

Prefect 3.8 answers a write with 204 and no body, or with JSON, which may be null; a read with JSON that is
never null, a filter with a list of objects, a count with a number; a create with the object. A gateway in between
answers as it likes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prefect_provider.text.json import DEEPEST

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Answer
    from prefect_provider.api.request import Request

__all__ = ["NO_ROUTE", "Flaw", "flaw_of", "had_no_effect", "names_an_object", "read_json"]

Flaw: TypeAlias = str
"""What is wrong with an answer, as ``it is null``; empty when nothing is."""

_LEVELS: Final = DEEPEST + 20
"""What an answer may be nested: a document within an object within a list, and some more."""

_DIGITS: Final = 309
"""No number of more digits fits into a 64-bit float, which is what Prefect's clients and databases keep."""

NO_ROUTE: Final = "Not Found"
"""What the web framework says for an unknown path. Prefect names the object: "Flow not found" (3.8, all
objects)."""

_OF_AN_ERROR: Final = frozenset({"detail", "exception_detail", "exception_message", "request_body"})
"""The fields of Prefect's errors (3.8)."""


class _FlawError(ValueError):
    """The JSON of an answer says something that no JSON of Prefect says."""


def read_json(answer: Answer) -> tuple[Any, Flaw]:
    """The body as JSON, and what is wrong with it; an empty body is None.

    What programs read in different ways is refused: names that an object has twice, NaN and infinity, numbers
    that no 64-bit float comes near, and nesting at which the next one would give up.
    """
    if not answer.body:
        return None, ""
    try:
        data = json.loads(
            answer.body,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_fraction,
            parse_int=_whole,
        )
    except _FlawError as flaw:
        return None, str(flaw)
    except ValueError:
        return None, "it is no JSON"
    except RecursionError:
        return None, _TOO_DEEP
    return (None, _TOO_DEEP) if _is_too_deep(data) else (data, "")


_TOO_DEEP: Final = "its JSON is nested too deeply"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        msg = "an object in its JSON has one name twice"
        raise _FlawError(msg)
    return made


def _no_constant(name: str) -> None:
    msg = f"its JSON has {name}, which is no number"
    raise _FlawError(msg)


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise _FlawError(_TOO_LARGE)
    return int(digits)


def _fraction(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise _FlawError(_TOO_LARGE)
    return number


_TOO_LARGE: Final = "its JSON has a number that is too large for any use"


def _is_too_deep(data: Any) -> bool:
    """Level by level: recursion is what would give up."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(_LEVELS):
        level = [
            item
            for parent in level
            for item in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return True


def flaw_of(request: Request, answer: Answer, data: Any) -> Flaw:
    """What is wrong with the JSON of a success.

    Null says nothing of whether an object exists, so as an answer to a read it is none. An answer that says
    neither that it is empty on purpose (204) nor anything else is not one of Prefect.
    """
    if not answer.body and answer.status != 204:
        return "it is empty"
    if data is None and not request.is_write:
        return "it is empty" if answer.status == 204 else "it is null"
    if request.creates and not _is_made(data):
        return "it has no id of a new object"
    return "" if request.method != "POST" else _flaw_of_listing(request.path.rstrip("/"), data)


def _flaw_of_listing(path: str, data: Any) -> Flaw:
    if path.endswith("/events/filter"):
        fits = isinstance(data, Mapping) and isinstance(data.get("events"), list)
        return "" if fits else "it is no page of events"
    if path.endswith("/filter"):
        fits = isinstance(data, list) and all(isinstance(item, Mapping) for item in data)
        return "" if fits else "it is no list of objects"
    if path.endswith("/count"):
        fits = isinstance(data, int) and not isinstance(data, bool) and data >= 0
        return "" if fits else "it is no number of objects"
    if path.endswith("/paginate"):
        fits = isinstance(data, Mapping) and isinstance(data.get("results"), list)
        return "" if fits else "it is no page of objects"
    return ""


def names_an_object(answer: Answer) -> bool:
    """Whether a 404 is Prefect's word on an object, and not a gateway's on a route.

    Prefect's is ``{"detail": ...}`` or ``{"exception_message": ...}``, in words of its own; a gateway's has another
    field (``message``), or further ones (``title`` and ``status``, RFC 9457), or another type.
    """
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return False
    data, _ = read_json(answer)
    if not isinstance(data, Mapping) or not _OF_AN_ERROR.issuperset(data):
        return False
    said = data.get("detail") or data.get("exception_message")
    return isinstance(said, str) and said != NO_ROUTE


def had_no_effect(answer: Answer) -> bool:
    """Whether an answer that is no success says that the request changed nothing.

    Prefect's own 503 says that it was rolled back (``{"exception_message": "Service Unavailable"}``, 3.8); a
    gateway's 503 and every other 5xx may come after Prefect has acted.
    """
    if 300 <= answer.status < 500:
        return True
    data, _ = read_json(answer) if answer.status == 503 else (None, "")
    return isinstance(data, Mapping) and isinstance(data.get("exception_message"), str)


def _is_made(data: Any) -> bool:
    if isinstance(data, list):
        return bool(data) and all(_is_made(item) for item in data)
    return isinstance(data, Mapping) and isinstance(data.get("id"), str) and bool(data["id"])

"""What an answer says: its JSON, whether it is Prefect's own, and whether it has the shape that it must have.

Prefect 3.8 answers a write with 204 and no body, or with JSON, which may be null; a read with JSON that is
never null; a create with the object. A gateway in between answers as it likes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Answer
    from prefect_provider.api.request import Request

__all__ = ["Flaw", "flaw_of", "had_no_effect", "read_json"]

Flaw: TypeAlias = str
"""What is wrong with an answer, as ``it is null``; empty when nothing is."""


def read_json(answer: Answer) -> tuple[Any, Flaw]:
    """The body as JSON, and what is wrong with it; an empty body is None."""
    if not answer.body:
        return None, ""
    try:
        return json.loads(answer.body), ""
    except ValueError:
        return None, "it is no JSON"
    except RecursionError:
        return None, "its JSON is nested too deeply"


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
    return ""


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

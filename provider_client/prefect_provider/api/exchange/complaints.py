"""What Prefect says is wrong with a request, and at which place of its body.

Prefect 3.8 says it in a list (422: ``exception_detail`` or ``detail`` with ``loc`` and ``msg``), or in one
sentence that names a field (409 and 422: "Error updating deployment: Validation failed for field 'n'. Failure
reason: ..."), or in a list whose ``msg`` is such a sentence; there the field is one of a deployment's parameters
or job variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from prefect_provider.api.errors import Complaint

if TYPE_CHECKING:
    from prefect_provider.api.request import Request

__all__ = ["complaints_of", "is_failed_validation"]

_Steps: TypeAlias = tuple[str | int, ...]

_FAILED: Final = re.compile(
    r"\bValidation failed(?: for field (?P<field>'.*?'|\".*?\"))?\. Failure reason: ", re.DOTALL
)
_OF_JOB_VARIABLES: Final = re.compile(
    r"<(?:jsonschema\.exceptions\.)?ValidationError: .*>\Z|\bMissingVariableError\(", re.DOTALL
)
"""A PATCH of a deployment that names a pool (3.8): the exception itself, without a field."""

_STEP: Final = re.compile(r"\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\.?([^.\[\]]+)")

_HOLDERS: Final = {409: ("parameters", "job_variables"), 422: ("job_variables", "parameters")}
"""Whose fields are meant, the likelier first: Prefect 3.8 answers 409 to parameters, 422 to job variables."""


def complaints_of(data: Any, request: Request, status: int) -> tuple[str, tuple[Complaint, ...]]:
    """What the JSON of an error says, as one text and as problems with their places, if it names any."""
    if isinstance(data, str):
        return data, ()
    if not isinstance(data, Mapping):
        return "", ()
    for key in ("exception_detail", "detail"):
        listed = data.get(key)
        if not isinstance(listed, list):
            continue
        if problems := tuple(found for item in listed if (found := _problem(item, request)) is not None):
            return "; ".join(map(str, problems)), problems
        if texts := [item for item in listed if isinstance(item, str)]:
            return " ".join(texts), ()
    for key in ("detail", "exception_message", "message", "error"):
        value = data.get(key)
        if isinstance(value, Mapping):
            value = value.get("message") or value.get("msg")
        if isinstance(value, str) and value:
            return value, _of_sentence(value, request, status)
    return "", ()


def is_failed_validation(said: str) -> bool:
    """Whether a server complains of a value, whatever status it has chosen for that."""
    return (_FAILED.search(said) or _OF_JOB_VARIABLES.search(said)) is not None


def _problem(item: Any, request: Request) -> Complaint | None:
    if not isinstance(item, Mapping) or not isinstance(item.get("msg"), str):
        return None
    loc = item.get("loc")
    steps = [step for step in loc if isinstance(step, str | int)] if isinstance(loc, list) else []
    if steps and steps[0] == "body":
        steps = steps[1:]
    # A rule for the whole body names its field in words only. Of a deployment, that is one of the parameters.
    placed = () if steps else _of_sentence(item["msg"], request, 409)
    return placed[0] if placed else Complaint(tuple(steps), item["msg"])


def _of_sentence(said: str, request: Request, status: int) -> tuple[Complaint, ...]:
    found = _FAILED.search(said)
    if found is None:
        return (Complaint(("job_variables",), said),) if _OF_JOB_VARIABLES.search(said) else ()
    field = _steps(found["field"] or "''")
    holder = _holder(field, request, status)
    return (Complaint((*holder, *field), said[found.end() :].strip()),) if holder else ()


def _holder(field: _Steps, request: Request, status: int) -> _Steps:
    """The place in the body whose field is meant; empty when there is none."""
    body = request.json if isinstance(request.json, Mapping) else {}
    if "base_job_template" in body:
        return ("base_job_template", "variables", "properties")
    sent = [name for name in _HOLDERS.get(status, ()) if isinstance(body.get(name), Mapping)]
    named = [name for name in sent if field and field[0] in body[name]]
    chosen = (named or sent)[:1]
    return (chosen[0],) if chosen else ()


def _steps(field: str) -> _Steps:
    """The steps of a field, which is the ``repr`` of a path such as ``a.b[0]`` or ``$['two words']``."""
    import ast

    try:
        path = str(ast.literal_eval(field)).removeprefix("$")
    except (SyntaxError, ValueError):
        return ()
    return tuple(
        int(found[1]) if found[1] else found[3] or re.sub(r"\\(.)", r"\1", found[2])
        for found in _STEP.finditer(path)
    )

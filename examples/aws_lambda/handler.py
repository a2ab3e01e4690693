"""What AWS Lambda calls: ``start_flow_runs`` makes a flow run of each object, ``send_events`` tells Prefect of it.

Both take what S3 sends directly, through EventBridge, SQS or SNS, and try every object of a call before they say how it
ended. What fails because of the API, SSM or a setting makes the call fail, so that Lambda tries again and in the end
hands the call to the function's destination for failures; trying again makes no second run. What Prefect refuses is in
the log and in the result, for it would be refused again; PREFECT_REFUSED=raise makes the call fail for that, too. A
call of SQS does not fail: it returns the messages that did, and needs ReportBatchItemFailures.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import TYPE_CHECKING, Any

from .credentials import Credentials
from .events import event_of
from .notifications import messages_of, objects_of
from .prefect_api import PrefectApi
from .problems import NotANotificationError, RefusedError, SettingError, UnavailableError
from .runs import FlowRuns, size_in_s3
from .settings import RunSettings, api_url, raises_refusals

if TYPE_CHECKING:
    from collections.abc import Callable

    from .objects import StoredObject

__all__ = ["send_events", "start_flow_runs"]

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)

_SECONDS = 30.0
"""How long a call may take that nobody limits."""


def start_flow_runs(event: Any, context: Any) -> dict[str, Any]:
    """Make a flow run of PREFECT_DEPLOYMENT for each object; returns ``flow_runs`` and ``refused``, by the objects.

    :raises NotANotificationError: the event does not tell of objects in S3.
    :raises SettingError: a setting is missing or wrong.
    :raises UnavailableError: some runs could not be made now.
    :raises RefusedError: some can never be made, and PREFECT_REFUSED is ``raise``.
    """
    runs = FlowRuns(_api(context), RunSettings.read(os.environ), size_in_s3)

    def start(stored: StoredObject) -> str:
        run = runs.start(stored)
        _tell("flow run", uri=stored.uri, flow_run=str(run.get("name")), id=str(run["id"]))
        return str(run["id"])

    return _each(event, "flow_runs", start)


def send_events(event: Any, context: Any) -> dict[str, Any]:
    """Send an event ``s3.object.created`` for each object; returns ``events`` and ``refused``, by the objects.

    Raises what ``start_flow_runs`` raises.
    """
    api = _api(context)

    def send(stored: StoredObject) -> str:
        told = event_of(stored)
        api.tell("/events", [told])
        _tell("event", uri=stored.uri, id=told["id"])
        return str(told["id"])

    return _each(event, "events", send)


def _api(context: Any) -> PrefectApi:
    left = getattr(context, "get_remaining_time_in_millis", None)
    end = time.monotonic() + _SECONDS
    seconds_left = (lambda: left() / 1000.0) if left else (lambda: end - time.monotonic())
    return PrefectApi(api_url(os.environ), Credentials(os.environ), seconds_left)


def _each(event: object, called: str, act: Callable[[StoredObject], str]) -> dict[str, Any]:
    """Act on each object of each message, whatever becomes of the others."""
    done: dict[str, str] = {}
    refused: dict[str, str] = {}
    failed: list[str] = []
    errors: list[Exception] = []
    for message in messages_of(event):
        before = len(errors)
        errors += _of_message(message.body, act, done, refused)
        if len(errors) > before and message.id:
            failed.append(message.id)
            errors = []
    if errors:
        texts = list(dict.fromkeys(map(str, errors)))
        worst = max(errors, key=lambda error: _RANK.index(type(error)))
        raise type(worst)("; ".join(texts))
    result: dict[str, Any] = {called: done, "refused": refused}
    return result | (
        {"batchItemFailures": [{"itemIdentifier": id_} for id_ in failed]} if _is_batch(event) else {}
    )


_RANK = [RefusedError, NotANotificationError, SettingError, UnavailableError]


def _of_message(
    body: object, act: Callable[[StoredObject], str], done: dict[str, str], refused: dict[str, str]
) -> list[Exception]:
    """What the message fails for; refused objects only where they are to make it fail."""
    errors: list[Exception] = []
    try:
        objects = objects_of(body)
    except NotANotificationError as error:
        _LOG.error("%s", json.dumps({"problem": str(error)}))
        return [error]
    for stored in objects:
        try:
            done[stored.uri] = act(stored)
        except RefusedError as error:
            _tell("refused", logging.ERROR, uri=stored.uri, problem=str(error))
            refused[stored.uri] = str(error)
            if raises_refusals(os.environ):
                errors.append(error)
        except (SettingError, UnavailableError) as error:
            _tell("failed", logging.ERROR, uri=stored.uri, problem=str(error))
            errors.append(error)
    return errors


def _is_batch(event: object) -> bool:
    return any(message.id for message in messages_of(event))


def _tell(what: str, level: int = logging.INFO, **about: str) -> None:
    """A line of JSON for the log, in which CloudWatch can search by field."""
    _LOG.log(level, "%s", json.dumps({"what": what, **about}))

"""The flow run that an object makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .problems import RefusedError, SettingError, UnavailableError
from .templates import TemplateError, fill, fill_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .objects import StoredObject
    from .prefect_api import PrefectApi
    from .settings import RunSettings

__all__ = ["FlowRuns", "idempotency_key", "request_of", "size_in_s3"]


def request_of(stored: StoredObject, settings: RunSettings, size: int | None) -> dict[str, Any]:
    """The body of the request for a run; ``size`` is that of the object, and needed only where memory follows it.

    The same object makes the same request, whenever and however often AWS tells of it.

    :raises SettingError: a template names a field that there is not.
    """
    fields = stored.fields() | {"size": size}
    state: dict[str, Any] = {"type": "SCHEDULED"}
    if settings.delay:
        start = stored.time + timedelta(seconds=settings.delay)
        state["state_details"] = {"scheduled_time": start.isoformat()}
    try:
        request: dict[str, Any] = {
            "name": fill_text(settings.name, fields),
            "parameters": fill(dict(settings.parameters), fields),
            "idempotency_key": idempotency_key(stored, settings),
            "state": state,
        }
    except TemplateError as error:
        raise SettingError(str(error)) from error
    if settings.tags:
        request["tags"] = list(settings.tags)
    if settings.memory:
        request["job_variables"] = settings.memory.variables(size or 0)
    return request


def idempotency_key(stored: StoredObject, settings: RunSettings) -> str:
    """What the run has in common with those of the same object, or of the same window of time.

    :raises TemplateError: the template names a field that there is not.
    """
    key = fill_text(settings.key, stored.fields())
    if not settings.window:
        return key
    begin = stored.time.timestamp() // settings.window * settings.window
    return f"{key}@{datetime.fromtimestamp(begin, UTC).isoformat()}"


@dataclass
class FlowRuns:
    """Makes runs of a deployment; ``size_of`` asks S3 for the size of an object whose notification does not say it."""

    api: PrefectApi
    settings: RunSettings
    size_of: Callable[[StoredObject], int]
    _deployment_id: str | None = None

    def start(self, stored: StoredObject) -> dict[str, Any]:
        """Make the object's run, or find the one that it has, and return it.

        :raises RefusedError: Prefect does not take the parameters or job variables, or S3 has no such object any more.
        :raises SettingError: a template names a field that there is not.
        :raises UnavailableError: it cannot be made now.
        """
        size = stored.size
        if size is None and self.settings.memory:
            size = self.size_of(stored)
        body = request_of(stored, self.settings, size)
        return self.api.object("POST", f"/deployments/{self._id()}/create_flow_run", body)

    def _id(self) -> str:
        """The deployment's id. One that is made anew under its name has another, so each call of the function asks."""
        if self._deployment_id is None:
            flow, slash, name = self.settings.deployment.partition("/")
            if slash:
                path = f"/deployments/name/{quote(flow, safe='')}/{quote(name, safe='')}"
                self._deployment_id = str(self.api.object("GET", path)["id"])
            else:
                self._deployment_id = flow
        return self._deployment_id


def size_in_s3(stored: StoredObject) -> int:
    """The size of an object in bytes, as S3 has it.

    :raises RefusedError: it is not there any more.
    :raises SettingError: the function's role may not look.
    :raises UnavailableError: S3 does not tell now.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    version = {"VersionId": stored.version} if stored.version else {}
    try:
        answer = boto3.client("s3").head_object(Bucket=stored.bucket, Key=stored.key, **version)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("404", "NoSuchKey"):
            msg = f"{stored.uri} is not there any more"
            raise RefusedError(msg) from error
        msg = f"S3 does not tell the size of {stored.uri}: {code}"
        raise (SettingError if code == "403" else UnavailableError)(msg) from error
    except BotoCoreError as error:
        msg = f"S3 does not tell the size of {stored.uri}: {error}"
        raise UnavailableError(msg) from error
    return int(answer["ContentLength"])

"""State against reality: what has changed on the server since Terraform last looked, without Terraform.

Every object of the state is read with the code of its resource. What is odd about one object, in the state or in the
server's answer, is said of that object; a server that cannot be reached ends it all, for it would be said of each.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_iac.drift.comparison import Comparison, compare
from prefect_iac.drift.ignoring import first_match
from prefect_iac.drift.report import Changed, DriftReport, Ignored, Missing, Undecided, Unreadable
from prefect_iac.plan.shown import with_types
from prefect_iac.plan.stored_object import is_of_prefect
from prefect_provider.api import (
    ApiError,
    ConnectionFailed,
    RateLimited,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)
from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics, ProviderError
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.state_json import from_json
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import say, sentence
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prefect_iac.drift.ignoring import Pattern
    from prefect_iac.drift.report import ValueChange
    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.api import Client
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["find_drift"]

_AT_ONCE: Final = 1000
"""Objects that are asked for at once: some times as many as one answer holds, for they are read together."""

_FIRST_ANSWER: Final = 20.0
"""Seconds until a server that does not answer its simplest question is given up."""

_CONCERNS_ALL: Final = (ConnectionFailed, RateLimited, TimedOut, Unauthorized, Unavailable)
"""Errors that would come again with every question."""

_RESOURCES: Final = {resource.type_name: resource for resource in RESOURCES}
_log: Final = logging.getLogger(__name__)

_Finding: TypeAlias = "Changed | Missing | Undecided | Unreadable | Ignored"


class _Unreachable(Exception):  # noqa: N818 - an event inside this module, not an error by itself
    """The server cannot be asked, whatever the question."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(str(error))
        self.error = error


class _Damage(Exception):  # noqa: N818 - an event inside this module, not an error by itself
    """The object's state cannot be compared; the message says why."""


async def find_drift(
    objects: Iterable[StoredObject],
    client: Client,
    ignored: Sequence[Pattern] = (),
    *,
    first_answer: float = _FIRST_ANSWER,
) -> DriftReport:
    """Compare the Prefect objects of a state with the server; objects of other providers are left out.

    ``ignored`` objects are not read. Raises ``ApiError`` where the server cannot be reached or does not let us in, or
    is silent for ``first_answer`` seconds in the beginning.
    """
    left_out: list[Ignored] = []
    wanted: list[StoredObject] = []
    for stored in filter(_is_prefects, objects):
        pattern = first_match(ignored, stored.address)
        if pattern is None:
            wanted.append(stored)
        else:
            left_out.append(Ignored(stored.address, (), pattern.text))
    check = _Check(client, ignored)
    found = await check.all(wanted, first_answer)
    return DriftReport(
        checked=tuple(stored.address for stored in wanted),
        changed=tuple(item for item in found if isinstance(item, Changed)),
        missing=tuple(item for item in found if isinstance(item, Missing)),
        unreadable=tuple(item for item in found if isinstance(item, Unreadable)),
        undecided=tuple(item for item in found if isinstance(item, Undecided)),
        ignored=(*left_out, *(item for item in found if isinstance(item, Ignored))),
    )


def _is_prefects(stored: StoredObject) -> bool:
    if not stored.type:
        # Damaged: it may be one.
        return True
    return is_of_prefect(stored.type, stored.provider)


class _Readable(NamedTuple):
    """An object of the state, as its resource takes it."""

    stored: StoredObject
    resource: type[Resource]
    attributes: Mapping[str, Any]
    held: Values


class _Check:
    """One comparison of many objects."""

    def __init__(self, client: Client, ignored: Sequence[Pattern]) -> None:
        self._client = client
        self._ignored = ignored
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def all(self, objects: Sequence[StoredObject], first_answer: float) -> list[_Finding]:
        """What was found of all of them, in their order."""
        understood = [_understood(stored) for stored in objects]
        if any(isinstance(item, _Readable) for item in understood):
            await self._reach(first_answer)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._one(item)) for item in understood]
        except* _Unreachable as failures:
            error = failures.exceptions[0]
            while isinstance(error, BaseExceptionGroup):
                error = error.exceptions[0]
            unreachable = error
        else:
            return [finding for task in tasks for finding in task.result()]
        raise unreachable.error

    async def _reach(self, patience: float) -> None:
        """Ask once before asking for everything."""
        try:
            async with asyncio.timeout(patience):
                await self._client.check()
        except TimeoutError:
            where = f"{self._client.settings.endpoint.url} (from {self._client.settings.origin('endpoint')})"
            msg = f"Prefect at {where} did not answer within {patience:g} seconds"
            raise TimedOut(
                msg, remedy="Check that the server is well, and that the endpoint is right"
            ) from None
        except (*_CONCERNS_ALL, UnexpectedAnswer):
            raise
        except ApiError as error:
            # It answers, and what is wrong with this question need not be wrong with others.
            _log.debug("asking the server: %s", error)

    async def _one(self, item: _Readable | Unreadable) -> list[_Finding]:
        if isinstance(item, Unreadable):
            return [item]
        stored, id_ = item.stored, str(item.held["id"])
        async with self._gate:
            try:
                found = await self._compared(item)
            except _Damage as damage:
                return [Unreadable(stored.address, stored.type, id_, str(damage))]
        if found is None:
            return [Missing(stored.address, stored.type, id_)]
        findings: list[_Finding] = []
        changes = self._heeded(stored, found.changes, findings)
        undecided = self._heeded(stored, found.undecided, findings)
        if changes:
            findings.append(Changed(stored.address, stored.type, id_, changes, found.updated))
        if undecided:
            findings.append(Undecided(stored.address, stored.type, id_, undecided, found.updated))
        return findings

    async def _compared(self, item: _Readable) -> Comparison | None:
        """What is different about an object; ``None`` if it is gone."""
        resource = item.resource(self._client, Diagnostics(), {})
        try:
            actual = await resource.read(item.held)
            if actual is None:
                return None
            return compare(item.resource, item.stored, item.attributes, item.held, actual)
        except ProviderError as error:
            raise _Damage(_in_words(error.diagnostic)) from error
        except _CONCERNS_ALL as error:
            raise _Unreachable(error) from error
        except ApiError as error:
            explained = resource.explain(error) or Diagnostic("error", error.title, str(error))
            raise _Damage(_in_words(explained)) from error
        except Exception as error:
            # The boundary: whatever an odd state or an odd answer leads to is said of this object only.
            _log.debug("reading %s", item.stored.address, exc_info=True)
            what = f"its state or the server's answer is not of the form that is expected ({type(error).__name__})"
            raise _Damage(say(what, remedy="`terraform plan` may say more.")) from error

    def _heeded(
        self, stored: StoredObject, changes: Iterable[ValueChange], findings: list[_Finding]
    ) -> tuple[ValueChange, ...]:
        """The changes that no pattern covers; of the others is noted which one does."""
        kept = []
        for change in changes:
            pattern = first_match(self._ignored, stored.address, change.path)
            if pattern is None:
                kept.append(change)
            else:
                findings.append(Ignored(stored.address, change.path, pattern.text))
        return tuple(kept)


def _in_words(diagnostic: Diagnostic) -> str:
    return f"{sentence(diagnostic.summary)} {sentence(diagnostic.detail)}".strip()


def _understood(stored: StoredObject) -> _Readable | Unreadable:
    id_ = stored.attributes.get("id")
    shown_id = id_ if isinstance(id_, str) else ""
    resource = _RESOURCES.get(stored.type)
    try:
        if stored.damage:
            raise _Damage(stored.damage)
        if resource is None:
            raise _Damage(_unknown_type(stored))
        return _readable(stored, resource)
    except _Damage as damage:
        return Unreadable(stored.address, stored.type, shown_id, str(damage))


def _unknown_type(stored: StoredObject) -> str:
    return say(
        "prefect-iac does not know this type of object",
        remedy="Leave it to the official provider (prefecthq/prefect), which may know it, and out of this report: "
        f"--ignore {stored.type}",
    )


def _readable(stored: StoredObject, resource: type[Resource]) -> _Readable:
    version = stored.schema_version
    try:
        if version is not None and version > resource.schema_version:
            msg = f"its state has schema version {version}, newer than this prefect-iac knows"
            raise _Damage(msg)
        attributes: Mapping[str, Any] = stored.attributes
        if version is not None and version < resource.schema_version:
            attributes = resource.upgrade(version, dict(attributes))
        elif stored.shown:
            attributes = with_types(resource, attributes)
        held: Values = from_json(dict(attributes), resource.object_type(), ignore_extra=True)
    except CodecError as error:
        msg = f"its state is damaged: {error}"
        raise _Damage(msg) from error
    except RecursionError as error:
        msg = "its state is damaged: it is nested too deeply"
        raise _Damage(msg) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        msg = f"its state is damaged: it is not of the form that {stored.type} has"
        raise _Damage(msg) from error
    _check_id(resource, held)
    return _Readable(stored, resource, attributes, held)


def _check_id(resource: type[Resource], held: Values) -> None:
    id_ = held.get("id")
    if not isinstance(id_, str) or not id_:
        msg = "its state is damaged: expected an `id`, got none"
        raise _Damage(msg)
    for problem in resource.attributes["id"].kind.problems(id_):
        msg = f"its state is damaged: expected {problem.expected} as `{show_path(('id',))}`, got {show(id_)}"
        raise _Damage(msg)

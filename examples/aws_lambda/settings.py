"""What the function is told by its environment.

For both entries: PREFECT_API_URL; how it authenticates, if the API asks for that, see ``credentials``; and
PREFECT_REFUSED, ``log`` or ``raise``, which is what becomes of objects that Prefect refuses.

For ``start_flow_runs`` there are, besides PREFECT_DEPLOYMENT, which is ``flow/deployment`` or an id:

===========================  ===========================================================================
PREFECT_PARAMETERS           JSON: the run's parameters, with ``{fields}`` of the object; see ``templates``
PREFECT_RUN_NAME             The run's name. Default: ``{key}``
PREFECT_TAGS                 The run's tags, with commas between them
PREFECT_DELAY_SECONDS        How long after the object was stored the run starts. Default: 0
PREFECT_IDEMPOTENCY_KEY      What makes one run. Default: ``{uri}#{revision}``; of a window, ``s3://{bucket}``
PREFECT_IDEMPOTENCY_WINDOW   Objects of so many seconds make one run. Default: 0, each makes its own
PREFECT_MEMORY_FOR           ``docker``, ``ecs`` or ``kubernetes``: the run's memory follows the object's size
PREFECT_MEMORY_BASE          ... with so many MiB. Default: 512
PREFECT_MEMORY_PER_BYTE      ... and so many bytes for each of the object. Default: 3
PREFECT_MEMORY_MOST          ... at most so many MiB. Default: 30720
PREFECT_MEMORY_CPU           ... in a task of ECS with so many units of CPU at least. Default: 1024
===========================  ===========================================================================
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from .memory import KINDS, Memory
from .problems import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["RunSettings", "api_url", "raises_refusals"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class RunSettings:
    """What the runs of objects are to be like."""

    deployment: str
    parameters: Mapping[str, Any]
    name: str
    tags: tuple[str, ...]
    delay: float
    key: str
    window: float
    memory: Memory | None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> RunSettings:
        """:raises SettingError: a variable is missing or cannot be read; says which."""
        window = _number(environ, "PREFECT_IDEMPOTENCY_WINDOW", 0.0, float)
        return cls(
            deployment=_deployment(environ),
            parameters=_parameters(environ),
            name=environ.get("PREFECT_RUN_NAME", "{key}"),
            tags=tuple(tag.strip() for tag in environ.get("PREFECT_TAGS", "").split(",") if tag.strip()),
            delay=_number(environ, "PREFECT_DELAY_SECONDS", 0.0, float),
            key=environ.get("PREFECT_IDEMPOTENCY_KEY") or ("s3://{bucket}" if window else "{uri}#{revision}"),
            window=window,
            memory=_memory(environ),
        )


def api_url(environ: Mapping[str, str]) -> str:
    """The address of the API, without a slash at its end.

    :raises SettingError: it is missing, or no address.
    """
    url = environ.get("PREFECT_API_URL", "")
    if not url.startswith(("https://", "http://")):
        raise _wrong(url, "PREFECT_API_URL", "an address such as https://prefect.example.com/api")
    return url.rstrip("/")


def raises_refusals(environ: Mapping[str, str]) -> bool:
    """Whether the call fails because of objects that Prefect refuses, rather than only say so in its log.

    :raises SettingError: the setting is neither of the two.
    """
    given = environ.get("PREFECT_REFUSED", "log")
    if given not in ("log", "raise"):
        raise _wrong(given, "PREFECT_REFUSED", "log or raise")
    return given == "raise"


def _deployment(environ: Mapping[str, str]) -> str:
    given = environ.get("PREFECT_DEPLOYMENT", "")
    flow, _, name = given.partition("/")
    if not (flow and name):
        try:
            UUID(given)
        except ValueError:
            raise _wrong(given, "PREFECT_DEPLOYMENT", "flow/deployment or the id of a deployment") from None
    return given


def _parameters(environ: Mapping[str, str]) -> Mapping[str, Any]:
    given = environ.get("PREFECT_PARAMETERS") or "{}"
    try:
        read = json.loads(given)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _wrong(given, "PREFECT_PARAMETERS", 'a JSON object such as {"path": "{uri}"}')
    return read


def _memory(environ: Mapping[str, str]) -> Memory | None:
    kind = environ.get("PREFECT_MEMORY_FOR")
    if not kind:
        return None
    if kind not in KINDS:
        raise _wrong(kind, "PREFECT_MEMORY_FOR", ", ".join(KINDS[:-1]) + f" or {KINDS[-1]}")
    return Memory(
        kind,
        base=_number(environ, "PREFECT_MEMORY_BASE", 512, int),
        per_byte=_number(environ, "PREFECT_MEMORY_PER_BYTE", 3.0, float),
        most=_number(environ, "PREFECT_MEMORY_MOST", 30720, int),
        cpu=_number(environ, "PREFECT_MEMORY_CPU", 1024, int),
    )


def _number(environ: Mapping[str, str], name: str, default: _T, read: Callable[[str], _T]) -> _T:
    given = environ.get(name)
    if not given:
        return default
    try:
        number: Any = read(given)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        kind = "a whole number" if read is int else "a number"
        raise _wrong(given, name, f"{kind} that is not negative")
    return number  # type: ignore[no-any-return]


def _wrong(got: str, name: str, expected: str) -> SettingError:
    return SettingError(
        f"{name}: expected {expected}, got {got!r}" if got else f"{name} is not set: expected {expected}"
    )

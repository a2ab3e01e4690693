"""What the provider writes about its work: one JSON line per record on stderr, as Terraform reads it.

Terraform reads a plugin's stderr line by line. A line of JSON with ``@level``, ``@message``, ``@module`` and
``@timestamp`` keeps its level in Terraform's own log, and its other keys become fields. Everything goes
through the standard library's ``logging``; ``extra={...}`` adds fields to one record, :func:`log_context` to
every record made inside it. Without ``TF_LOG`` nothing is written.

Secrets are replaced as :mod:`prefect_provider.text.masking` says.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from prefect_provider.text.masking import SENSITIVE, mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "TRACE",
    "LineFormatter",
    "log_context",
    "log_level",
    "start_logging",
]

TRACE = 5
"""The level below DEBUG that Terraform has and ``logging`` has not."""

MAX_TEXT = 8 * 1024
MAX_LINE = 48 * 1024
"""Characters. Terraform reads stderr in pieces of 64 KiB, and a line in two pieces is not JSON any more."""

_LEVELS = {
    "TRACE": TRACE,
    "JSON": TRACE,  # Terraform: the level TRACE, written as JSON
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
}

_CHATTY = ("asyncio", "h2", "hpack", "httpcore", "httpx")
"""Libraries that log every header and frame, with the credentials in them: their warnings are enough."""

_OWN_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {"asctime", "message", "taskName"}

_fields: ContextVar[dict[str, object]] = ContextVar("log_fields", default={})  # noqa: B039  never changed


def start_logging(
    environ: Mapping[str, str] = os.environ, *, name: str = "", stream: TextIO | None = None
) -> None:
    """Write the log to ``stream`` (stderr), from the level that :func:`log_level` reads."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    level = log_level(environ, name)
    if level is None:
        # Without a handler, ``logging`` would print warnings itself.
        root.addHandler(logging.NullHandler())
        root.setLevel(logging.CRITICAL + 1)
        return
    logging.addLevelName(TRACE, "TRACE")
    output = logging.StreamHandler(sys.stderr if stream is None else stream)
    output.setFormatter(LineFormatter())
    root.addHandler(output)
    root.setLevel(level)
    logging.raiseExceptions = False  # once Terraform is gone, so is the reader of stderr
    for library in _CHATTY:
        logging.getLogger(library).setLevel(max(level, logging.WARNING))


def log_level(environ: Mapping[str, str], name: str = "") -> int | None:
    """The level that the environment asks for; None for no log.

    ``TF_LOG_PROVIDER_<NAME>`` decides, else ``TF_LOG_PROVIDER``, else ``TF_LOG``. As in
    Terraform, a level that does not exist means ``TRACE``, and ``OFF`` means none.
    """
    variables = ["TF_LOG_PROVIDER", "TF_LOG"]
    if name:
        variables.insert(0, f"TF_LOG_PROVIDER_{name.upper().replace('-', '_')}")
    for variable in variables:
        level = environ.get(variable, "").strip().upper()
        if level:
            return None if level == "OFF" else _LEVELS.get(level, TRACE)
    return None


@contextmanager
def log_context(**fields: object) -> Iterator[None]:
    """Add fields to every record made inside, in this task and the tasks it starts; None removes one."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


class LineFormatter(logging.Formatter):
    """Formats a record as one line of hclog's JSON, no longer than :data:`MAX_LINE`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        import json  # not worth its import where nothing is logged

        head: dict[str, object] = {
            "@level": _level_name(record.levelno),
            "@message": _clip(mask(record.getMessage())),
            "@module": record.name,
            "@timestamp": _timestamp(record.created),
        }
        extra = {name: value for name, value in record.__dict__.items() if name not in _OWN_ATTRIBUTES}
        fields = {
            name: _plain(value) for name, value in {**_fields.get(), **extra}.items() if value is not None
        }
        if record.exc_info:
            fields["exception"] = _clip(mask(self.formatException(record.exc_info)), keep_end=True)
        line = json.dumps({**fields, **head})
        if len(line) > MAX_LINE:
            line = json.dumps({**head, "fields_left_out": sorted(fields)[:100]})
        return line


def _level_name(level: int) -> str:
    for name in ("ERROR", "WARN", "INFO", "DEBUG"):
        if level >= _LEVELS[name]:
            return name.lower()
    return "trace"


def _timestamp(seconds: float) -> str:
    moment = time.gmtime(seconds)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', moment)}.{int(seconds % 1 * 1_000_000):06d}Z"


def _plain(value: object) -> object:
    """A field's value as JSON has it, with secrets masked and long texts clipped."""
    match value:
        case None | bool():
            return value
        case int() | float():
            return value if mask(str(value)) == str(value) else SENSITIVE
        case dict():
            return {mask(str(name)): _plain(element) for name, element in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(element) for element in value]
    return _clip(mask(str(value)))


def _clip(text: str, *, keep_end: bool = False) -> str:
    if len(text) <= MAX_TEXT:
        return text
    left_out = f"({len(text) - MAX_TEXT} characters left out)"
    return f"{left_out} ...{text[-MAX_TEXT:]}" if keep_end else f"{text[:MAX_TEXT]}... {left_out}"

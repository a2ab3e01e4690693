"""The log, as Terraform reads it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from prefect_provider.plugin.serving.logs import MAX_LINE, TRACE, LineFormatter, log_context, log_level
from prefect_provider.text.masking import mask, secret


class Log:
    """A logger of its own, with the lines that it wrote."""

    def __init__(self, name: str) -> None:
        self._stream = io.StringIO()
        handler = logging.StreamHandler(self._stream)
        handler.setFormatter(LineFormatter())
        self.logger = logging.Logger(name, TRACE)  # noqa: LOG001  no other test sees it
        self.logger.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        """What was written, line by line."""
        return self._stream.getvalue().splitlines()

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines, read."""
        return [json.loads(line) for line in self.lines]


@pytest.fixture(name="log")
def _log() -> Log:
    return Log("prefect.api")


@pytest.mark.parametrize(
    ("level", "name"),
    [(TRACE, "trace"), (10, "debug"), (20, "info"), (30, "warn"), (40, "error"), (50, "error")],
)
def test_a_line_is_what_terraform_expects(log: Log, level: int, name: str) -> None:
    """Level, message, module and a timestamp of microseconds are under hclog's names."""
    log.logger.log(level, "read %d flows", 3, extra={"flow": "etl", "count": 3, "none": None})

    (record,) = log.records
    datetime.strptime(record.pop("@timestamp"), "%Y-%m-%dT%H:%M:%S.%fZ").astimezone()
    assert record == {
        "@level": name,
        "@message": "read 3 flows",
        "@module": "prefect.api",
        "flow": "etl",
        "count": 3,
    }


def test_a_context_adds_its_fields_also_in_tasks(log: Log) -> None:
    """Records carry the fields of the calls they were made in, and of no other."""

    async def call(name: str) -> None:
        with log_context(tf_rpc=name):
            await asyncio.sleep(0)
            with log_context(id=name * 2):
                await asyncio.ensure_future(work())
        log.logger.info("after")

    async def work() -> None:
        await asyncio.sleep(0)
        log.logger.info("inside")

    async def both() -> None:
        await asyncio.gather(call("a"), call("b"))

    asyncio.run(both())

    seen = {(record["@message"], record.get("tf_rpc"), record.get("id")) for record in log.records}
    assert seen == {("inside", "a", "aa"), ("inside", "b", "bb"), ("after", None, None)}


def test_an_exception_is_one_field_on_one_line(log: Log) -> None:
    """A traceback does not break the line that Terraform reads."""
    try:
        int("x")
    except ValueError:
        log.logger.exception("failed")

    (record,) = log.records
    assert "Traceback" in record["exception"]
    assert "invalid literal" in record["exception"]


def test_secrets_are_masked_wherever_they_are(log: Log) -> None:
    """Message, arguments, fields, nested values, tracebacks and encoded forms do not show a secret."""
    text = 'pa"ss/wörf\n1'
    nested = {"user": {"token": [text, "token-4711"]}}
    assert secret(nested) is nested

    log.logger.info("is %s", text)
    log.logger.info("is %r", text)
    log.logger.info(json.dumps({"password": text}))
    log.logger.info("GET /?p=pa%22ss%2Fw%C3%B6rf%0A1")
    log.logger.info("nested", extra={"body": {"a": [text]}, "object": ValueError("token-4711")})
    try:
        raise ValueError(text)
    except ValueError:
        log.logger.exception("failed")

    written = "\n".join(log.lines)
    assert len(log.lines) == 6
    assert "ss/w" not in written
    assert "rf" not in written
    assert "4711" not in written
    assert "C3%B6" not in written
    assert written.count("(sensitive)") >= 7
    assert mask("x token-4711 y") == "x (sensitive) y"


def test_the_longer_secret_is_masked_first(log: Log) -> None:
    """A secret that contains another leaves no rest."""
    secret("abcd-short")
    secret("abcd-short-and-long")

    log.logger.info("abcd-short-and-long abcd-short")

    assert log.records[0]["@message"] == "(sensitive) (sensitive)"


def test_an_empty_secret_masks_nothing() -> None:
    """An attribute that is empty does not spoil the log."""
    assert secret("") == ""
    assert mask("nothing here") == "nothing here"


def test_lines_stay_short_enough_to_be_read(log: Log) -> None:
    """Terraform reads 64 KiB at a time: longer values are cut, too many are left out."""
    log.logger.info("x" * 1_000_000)
    log.logger.info("many", extra={f"field{number}": "y" * 5000 for number in range(50)})

    assert max(len(line) for line in log.lines) <= MAX_LINE
    assert log.records[1]["@message"] == "many"
    assert "field7" in log.records[1]["fields_left_out"]


@pytest.mark.parametrize(
    ("environ", "level"),
    [
        ({}, None),
        ({"TF_LOG": "off"}, None),
        ({"TF_LOG": "debug"}, logging.DEBUG),
        ({"TF_LOG": "JSON"}, TRACE),
        ({"TF_LOG": "nonsense"}, TRACE),
        ({"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "WARN"}, logging.WARNING),
        ({"TF_LOG_PROVIDER": "TRACE", "TF_LOG_PROVIDER_MY_TOY": "ERROR"}, logging.ERROR),
        ({"TF_LOG_CORE": "TRACE"}, None),
        ({"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "OFF"}, None),
    ],
)
def test_the_environment_decides_the_level(environ: dict[str, str], level: int | None) -> None:
    """The variable that is most specific wins; without any there is no log."""
    assert log_level(environ, "my-toy") == level


@pytest.mark.parametrize(("level", "lines"), [("", 0), ("OFF", 0), ("ERROR", 1), ("INFO", 2), ("TRACE", 3)])
def test_a_process_writes_what_was_asked_for(level: str, lines: int) -> None:
    """Without TF_LOG stderr stays empty; libraries that log every header are kept to warnings."""
    code = (
        "import logging; from prefect_provider.plugin.serving.logs import start_logging; start_logging();"
        "logging.error('e'); logging.info('i'); logging.debug('d');"
        "logging.getLogger('httpcore').debug('Bearer x')"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"TF_LOG": level, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert len(done.stderr.splitlines()) == lines
    assert done.stdout == ""

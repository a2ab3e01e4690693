"""Asks a real account of Prefect Cloud which facts of docs/cloud-contract.md hold, and prints each.

The account is that of PREFECT_API_KEY and PREFECT_CLOUD_ACCOUNT_ID, and perhaps PREFECT_CLOUD_WORKSPACE_ID; or
PREFECT_API_URL names the ids. Nothing is changed there, unless `--scratch <workspace id>` names a workspace that is
there for it: then objects are made in it and in the account, and deleted again.

Ends with 0 if nothing differs, 1 if something does, 2 if it could not ask.
"""

import argparse
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.environment.prefect_cloud.contract import Check, Fact, parts  # noqa: E402 - found by the path above

__all__ = ["Account", "Found", "check"]

_HOST = "https://api.prefect.cloud/api"
_SECONDS = 30.0
_ATTEMPTS = 5
_LONGEST_WAIT = 60.0

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_SCOPE = re.compile(rf"/accounts/({_UUID})(?:/workspaces/({_UUID}))?/?$")
_READING = re.compile(r"/(filter|count|paginate)$")
"""POSTs that change nothing."""


@dataclass
class Answered:
    """An answer."""

    status: int
    headers: dict[str, str]
    data: Any


class Found(NamedTuple):
    """What became of a fact."""

    fact: Fact
    state: str
    """``holds``, ``differs``, ``unseen`` (the account has nothing to see it by), ``left out`` (it would write)."""

    why: str = ""


class Account:
    """The account that is asked; it refuses to write unless it ``may_write``."""

    def __init__(self, url: str, key: str, account_id: str, workspace_id: str) -> None:
        self.url, self.key = url.rstrip("/"), key
        self.account_id, self.workspace_id = account_id, workspace_id
        self.may_write = False

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answered:
        """The answer to a request; ``path`` is below ``/api``, after ``A`` or ``P`` below the account or workspace.

        It waits as long as a 429 says. Raises PermissionError for a write where nothing may be changed, LookupError
        for a workspace where none is known, OSError where nobody answers.
        """
        if not self.may_write and method != "GET" and not (method == "POST" and _READING.search(path)):
            msg = f"{method} {path} may change something, and this check is said to change nothing"
            raise PermissionError(msg)
        for _ in range(_ATTEMPTS):
            answer = self._send(method, self._place(path), body, key or self.key)
            if answer.status != 429:
                break
            time.sleep(min(_LONGEST_WAIT, float(answer.headers.get("retry-after") or 1)))
        return answer

    def _place(self, path: str) -> str:
        first, slash, rest = path.partition("/")
        if first == "P" and not self.workspace_id:
            msg = "no workspace is named: set PREFECT_CLOUD_WORKSPACE_ID"
            raise LookupError(msg)
        account = f"{self.url}/accounts/{self.account_id}"
        places = {"A": account, "P": f"{account}/workspaces/{self.workspace_id}"}
        return f"{places[first]}{slash}{rest}" if first in places else f"{self.url}/{path.lstrip('/')}"

    @staticmethod
    def _send(method: str, url: str, body: Any, key: str) -> Answered:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(url, content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as reply:
                return _answered(reply.status, dict(reply.headers), reply.read())
        except urllib.error.HTTPError as error:
            return _answered(error.code, dict(error.headers), error.read())


def _answered(status: int, headers: Mapping[str, str], content: bytes) -> Answered:
    try:
        data = json.loads(content) if content else None
    except ValueError:
        data = content.decode(errors="replace")
    return Answered(status, {name.lower(): value for name, value in headers.items()}, data)


def check(account: Account, *, scratch: bool) -> Iterator[Found]:
    """Each fact that can be asked, with what became of it; raises OSError where nobody answers."""
    for part in parts():
        for fact in part.facts:
            if fact.check is None:
                continue
            if fact.writes and not scratch:
                yield Found(fact, "left out", "it makes something: name a workspace with --scratch")
                continue
            account.may_write = fact.writes
            yield _checked(account, fact, fact.check)


def _checked(account: Account, fact: Fact, ask: Check) -> Found:
    try:
        ask(account)
    except AssertionError as error:
        return Found(fact, "differs", str(error).splitlines()[0] if str(error) else "")
    except (LookupError, TypeError) as error:
        return Found(fact, "unseen", f"{type(error).__name__}: {error}")
    return Found(fact, "holds")


def account_of(environ: Mapping[str, str], scratch: str) -> Account:
    """The account that the environment names; raises LookupError for what is missing."""
    url = environ.get("PREFECT_API_URL") or _HOST
    named = _SCOPE.search(url)
    ids = (named[1], named[2] or "") if named else ("", "")
    account_id = ids[0] or environ.get("PREFECT_CLOUD_ACCOUNT_ID", "")
    workspace_id = scratch or ids[1] or environ.get("PREFECT_CLOUD_WORKSPACE_ID", "")
    key = environ.get("PREFECT_API_KEY", "")
    for value, name in ((key, "PREFECT_API_KEY"), (account_id, "PREFECT_CLOUD_ACCOUNT_ID")):
        if not value:
            msg = f"set {name}"
            raise LookupError(msg)
    return Account(url[: named.start()] if named else url, key, account_id, workspace_id)


def main() -> int:
    """Ask, and print; return the exit status."""
    parser = argparse.ArgumentParser(description="Which facts of docs/cloud-contract.md hold for an account.")
    parser.add_argument("--scratch", default="", metavar="ID", help="a workspace in which things may be made")
    scratch: str = parser.parse_args().scratch
    try:
        account = account_of(os.environ, scratch)
        print(f"{account.url}, account {account.account_id}, workspace {account.workspace_id or '(none)'}")
        counts: Counter[str] = Counter()
        for found in check(account, scratch=bool(scratch)):
            counts[found.state] += 1
            why = f"\n{'':10}{found.why}" if found.why else ""
            print(
                f"{found.state:<10}{found.fact.id} ({found.fact.confidence}): {found.fact.statement}{why}",
                flush=True,
            )
    except (LookupError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
    return int(counts["differs"] > 0)


if __name__ == "__main__":
    sys.exit(main())

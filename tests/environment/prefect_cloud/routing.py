"""Which function answers which request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Answer, Request

    Handler = Callable[[PrefectCloud, Request], Answer]

__all__ = ["Route", "find", "route"]

_NAME: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Route:
    """A method and a form of path, what a key must be allowed to do, and who answers."""

    method: str
    pattern: re.Pattern[str]
    permission: str | None
    handler: Handler
    is_public: bool = False
    """Whether it needs no key, and takes a body of any form, as hooks do."""


_ROUTES: Final[list[Route]] = []


def route(
    method: str, path: str, *, permission: str | None = None, is_public: bool = False
) -> Callable[[Handler], Handler]:
    """Let a function answer a path below ``/api``, such as ``/accounts/{account_id}/teams/{team_id}``.

    A slash at the end counts: a path that differs in it only is redirected by 307, as FastAPI does. ``permission`` is
    a scope that the key's role must have, in the account or (below ``/workspaces/{workspace_id}``) in the workspace.
    """
    pattern = re.compile(_NAME.sub(r"(?P<\1>[^/]+)", path))

    def register(handler: Handler) -> Handler:
        _ROUTES.append(Route(method, pattern, permission, handler, is_public))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request, with the parts of the path that it names."""
    for one in _ROUTES:
        matched = one.pattern.fullmatch(path)
        if matched is not None and one.method == method:
            return one, matched.groupdict()
    return None


def is_other_by_slash(method: str, path: str) -> bool:
    """Whether a path is a route's but for a slash at its end."""
    other = path[:-1] if path.endswith("/") else f"{path}/"
    return find(method, other) is not None

"""A proxy that also looks into what passes: what was asked for, and which objects came back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.environment.fault_proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ReadingProxy"]


class ReadingProxy(FaultProxy):
    """Counts, reads along, and refuses what it is told to refuse; see :class:`.FaultProxy`."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.answered: list[dict[str, Any]] = []
        """The objects that came back, alone or in lists."""
        self.refuses: Callable[[str, str], bool] = lambda *_: False
        """Which requests, by method and path, are answered with 403."""

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """The server's answer, read along; or a refusal."""
        if self.refuses(method, path.partition("?")[0]):
            return 403, "application/json", b'{"detail":"Forbidden"}'
        answer = super().ask(method, path, body, headers)
        content = json.loads(answer[2]) if answer[2] else None
        self.answered += [
            one for one in (content if isinstance(content, list) else [content]) if isinstance(one, dict)
        ]
        return answer

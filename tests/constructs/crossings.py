"""Counts how often Python and Node speak with each other."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jsii

__all__ = ["Crossings", "counted"]


class Crossings:
    """Stands in front of the kernel's provider, which sends each request to Node, and counts by the kind of request.

    A question of Node's to Python counts as well: its answer is the request `sync_complete`.
    """

    def __init__(self, provider: Any) -> None:
        """Nothing is counted yet."""
        self._provider = provider
        self.kinds: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many there were."""
        return self.kinds.total()

    def __getattr__(self, name: str) -> Any:
        """A method of the provider, which counts."""
        method = getattr(self._provider, name)

        def counting(*arguments: Any) -> Any:
            self.kinds[name] += 1
            return method(*arguments)

        return counting


@contextmanager
def counted() -> Iterator[Crossings]:
    """Count what happens meanwhile."""
    kernel: Any = jsii.kernel
    provider = kernel.provider
    kernel.provider = Crossings(provider)
    try:
        yield kernel.provider
    finally:
        kernel.provider = provider

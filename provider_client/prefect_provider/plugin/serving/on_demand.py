"""Methods that are loaded when the first of them is called.

Of the processes that Terraform starts for one plan, the first is asked for the schema and nothing else. So the schema
is stored as it goes over the wire, and what serves the rest is not even imported there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.serving.rpc import Encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MethodsOnDemand"]


class MethodsOnDemand(Mapping[str, Any]):
    """Methods by their names: some give a stored answer to any request, ``load`` gives all the others.

    ``stored`` has a function for each of the first kind, which returns the bytes of the answer. Those that are loaded
    are all unary or all streaming.
    """

    def __init__(
        self, stored: Mapping[str, Callable[[], bytes]], load: Callable[[], Mapping[str, Any]]
    ) -> None:
        self._stored: Final = stored
        self._load: Final = load
        self._methods: Mapping[str, Any] | None = None

    @property
    def _loaded(self) -> Mapping[str, Any]:
        if self._methods is None:
            self._methods = self._load()
        return self._methods

    def __getitem__(self, name: str) -> Any:
        if name not in self._stored:
            return self._loaded[name]
        read = self._stored[name]

        async def answer(_: Encoded) -> Encoded:
            return Encoded(read())

        return Encoded, Encoded, answer

    def __iter__(self) -> Iterator[str]:
        return iter({**self._loaded, **self._stored})

    def __len__(self) -> int:
        return len({*self._loaded, *self._stored})

"""What is said of constructs, and what visits them before a stack is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from prefect_constructs.native.construct import Construct

__all__ = ["ERROR", "INFO", "WARNING", "Annotations", "Aspects", "IAspect", "invoke_aspects"]

INFO: Final = "@cdktf/info"
WARNING: Final = "@cdktf/warn"
ERROR: Final = "@cdktf/error"


class Annotations:
    """Notes at a construct for whoever runs the app; one that is an error keeps its stack from being written."""

    def __init__(self, scope: Construct) -> None:
        """Use :meth:`of`."""
        self._node = scope.node

    @staticmethod
    def of(scope: Construct) -> Annotations:
        """Those of a construct."""
        return Annotations(scope)

    def add_info(self, message: str) -> None:
        """Say something."""
        self._node.add_metadata(INFO, message)

    def add_warning(self, message: str) -> None:
        """Warn of something."""
        self._node.add_metadata(WARNING, message)

    def add_error(self, message: str) -> None:
        """Say what is wrong."""
        self._node.add_metadata(ERROR, message)


class IAspect(Protocol):
    """What visits constructs before their stack is written."""

    def visit(self, node: Construct) -> None:
        """Look at a construct, and perhaps do something to it."""


class Aspects:
    """What visits a construct and all that is in it."""

    def __init__(self) -> None:
        """Use :meth:`of`."""
        self._all: list[IAspect] = []

    @staticmethod
    def of(scope: Construct) -> Aspects:
        """Those of a construct."""
        return _ASPECTS.setdefault(scope, Aspects())

    def add(self, aspect: IAspect) -> None:
        """Have an object with ``visit`` shown each construct."""
        self._all.append(aspect)

    @property
    def all(self) -> list[IAspect]:
        """Those of the construct itself."""
        return list(self._all)


_ASPECTS: Final[WeakKeyDictionary[Construct, Aspects]] = WeakKeyDictionary()


def invoke_aspects(root: Construct, inherited: tuple[IAspect, ...] = ()) -> None:
    """Show each construct to the aspects of it and of what is around it."""
    own = _ASPECTS.get(root)
    here = (*inherited, *own.all) if own is not None else inherited
    if not _ASPECTS:
        return
    seen: list[IAspect] = []
    for aspect in here:
        if all(aspect is not one for one in seen):
            aspect.visit(root)
            seen.append(aspect)
    late = Aspects.of(root).all if root in _ASPECTS else []
    if any(all(one is not known for known in here) for one in late):
        what = "An aspect was added by another aspect; it is not applied."
        Annotations.of(root).add_warning(what)
    for child in root.node.children:
        invoke_aspects(child, here)

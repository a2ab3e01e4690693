"""The tree of constructs: each has a scope, an id in it, and what is noted of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol

from prefect_constructs.errors import refuse, taken
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Construct", "ConstructOrder", "IValidation", "MetadataEntry", "Node", "path_in"]

_HIDDEN: Final = "Default"


class ConstructOrder(Enum):
    """Whether a scope comes before what is in it, or after."""

    PREORDER = "PREORDER"
    POSTORDER = "POSTORDER"


@dataclass(frozen=True, slots=True)
class MetadataEntry:
    """A note at a construct, such as a warning."""

    type: str
    data: Any


class IValidation(Protocol):
    """What checks a construct when its stack is written."""

    def validate(self) -> list[str]:
        """What is wrong, each as a sentence; none if nothing is."""


class Node:
    """The place of a construct in the tree."""

    def __init__(self, host: Construct, scope: Construct | None, id_: str) -> None:
        """Use :class:`Construct`."""
        self.id: Final = id_.replace("/", "--").replace("\n", "--")
        self.scope: Final = scope
        self.path: str = self.id
        self._host = host
        self._children: dict[str, Construct] = {}
        self._metadata: list[MetadataEntry] = []
        self._validations: list[IValidation] = []
        self._dependencies: dict[int, Construct] = {}
        self._context: dict[str, Any] = {}
        self._locked = False
        if scope is not None:
            above: Node = scope.node
            if above.path:
                self.path = f"{above.path}/{self.id}"
            above.add_child(host, self.id)

    @property
    def scopes(self) -> list[Construct]:
        """All constructs around this one, from the root on, and itself as the last."""
        found = [self._host]
        while (outer := found[-1].node.scope) is not None:
            found.append(outer)
        return found[::-1]

    @property
    def root(self) -> Construct:
        """The construct that has no scope: the app."""
        return self.scopes[0]

    @property
    def addr(self) -> str:
        """An address that is always the same for the same path: 42 characters."""
        hashed = hashlib.sha1(usedforsecurity=False)
        for one in self.scopes:
            if one.node.id != _HIDDEN:
                hashed.update(f"{one.node.id}\n".encode())
        return f"c8{hashed.hexdigest()}"

    # ------------------------------------------------------------------ children

    @property
    def children(self) -> list[Construct]:
        """The constructs of which this one is the scope."""
        return list(self._children.values())

    @property
    def default_child(self) -> Construct | None:
        """The child that is called ``Default``, or ``Resource``."""
        return self._children.get(_HIDDEN) or self._children.get("Resource")

    def add_child(self, child: Construct, id_: str) -> None:
        """Take in a construct.

        :raises PrefectConstructError: another one has its id, or none may be added any more.
        """
        if self._is_locked():
            raise refuse(lambda: path_in(self._host, id_), (), "nothing can be added to its scope any more")
        if id_ in self._children:
            raise taken(lambda: path_in(self._host, id_))
        self._children[id_] = child

    def find_all(self, order: ConstructOrder = ConstructOrder.PREORDER) -> list[Construct]:
        """The construct and all that is in it."""
        return list(self._walk(order))

    def _walk(self, order: ConstructOrder) -> Iterator[Construct]:
        if order is ConstructOrder.PREORDER:
            yield self._host
        for child in list(self._children.values()):
            yield from child.node._walk(order)  # noqa: SLF001 - the same class
        if order is ConstructOrder.POSTORDER:
            yield self._host

    def try_find_child(self, id_: str) -> Construct | None:
        """The child of this id, or ``None``."""
        return self._children.get(id_.replace("/", "--"))

    def find_child(self, id_: str) -> Construct:
        """The child of this id.

        :raises PrefectConstructError: there is none.
        """
        found = self.try_find_child(id_)
        if found is None:
            raise refuse(lambda: self.path, (), f"it has no child with the id {show(id_)}")
        return found

    def try_remove_child(self, id_: str) -> bool:
        """Take a child out; returns whether there was one."""
        return self._children.pop(id_, None) is not None

    def lock(self) -> None:
        """Let nobody add constructs here any more."""
        self._locked = True

    def _is_locked(self) -> bool:
        return self._locked or (self.scope is not None and self.scope.node._is_locked())  # noqa: SLF001

    # ------------------------------------------------------------------ notes, checks, dependencies

    @property
    def metadata(self) -> list[MetadataEntry]:
        """What was noted."""
        return list(self._metadata)

    def add_metadata(self, type: str, data: Any) -> None:  # noqa: A002 - the CDK's name for it
        """Note something."""
        if data is not None:
            self._metadata.append(MetadataEntry(type, data))

    def add_validation(self, validation: IValidation) -> None:
        """Have the construct checked when its stack is written."""
        self._validations.append(validation)

    def validate(self) -> list[str]:
        """What the checks say."""
        return [text for one in self._validations for text in one.validate()]

    @property
    def dependencies(self) -> list[Construct]:
        """The constructs that were given to :meth:`add_dependency`."""
        return list(self._dependencies.values())

    def add_dependency(self, *constructs: Construct) -> None:
        """Note that this construct comes after others; Terraform is told by ``depends_on`` alone."""
        for one in constructs:
            self._dependencies[id(one)] = one

    # ------------------------------------------------------------------ context

    def set_context(self, key: str, value: Any) -> None:
        """Set a value for all that is in here.

        :raises PrefectConstructError: there are children already, which may have asked for it.
        """
        if self._children:
            what = "its context is to be set before anything is in it"
            raise refuse(lambda: self.path or "App", (), what)
        self._context[key] = value

    def try_get_context(self, key: str) -> Any:
        """The value that is set here or around, or ``None``."""
        for one in reversed(self.scopes):
            if key in one.node._context:  # noqa: SLF001 - the same class
                return one.node._context[key]  # noqa: SLF001
        return None

    def get_context(self, key: str) -> Any:
        """The value that is set here or around.

        :raises PrefectConstructError: there is none.
        """
        value = self.try_get_context(key)
        if value is None:
            raise refuse(lambda: self.path or "App", (), f"there is no context {show(key)}")
        return value

    def get_all_context(self, defaults: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """All values that are set here and around, over the defaults."""
        found = dict(defaults or {})
        for one in self.scopes:
            found |= one.node._context  # noqa: SLF001 - the same class
        return found


class Construct:
    """A part of an app: a stack, something in a stack, or what groups such parts."""

    node: Node

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - the CDK's name for it
        """``id`` is its name in the scope.

        :raises PrefectConstructError: the scope is no construct, or the id is taken or none.
        """
        _check(type(self).__name__, scope, id)
        self.node = Node(self, scope, id)

    @staticmethod
    def is_construct(x: object) -> bool:
        """Whether it is a construct."""
        return isinstance(x, Construct)

    def to_string(self) -> str:
        """Its path."""
        return self.node.path or "<root>"

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.node.path}>"


def path_in(scope: Construct, id_: str) -> str:
    """How errors name a construct that is to be made."""
    return f"{scope.node.path}/{id_}" if scope.node.path else id_


def _check(called: str, scope: object, id_: object) -> None:
    own = f"{called}(...)"
    if not isinstance(scope, Construct):
        got = "None" if scope is None else f"{show(scope)} ({type(scope).__name__})"
        expected = "an app, a stack or another construct of `prefect_constructs.native`"
        raise refuse(lambda: own, ("scope",), expected=expected, got=got, remedy=_remedy(scope))
    if not isinstance(id_, str) or not id_:
        got = "empty text" if id_ == "" else f"{show(id_)} ({type(id_).__name__})"
        expected = "a name in its scope, as text"
        raise refuse(lambda: path_in(scope, own), ("id",), expected=expected, got=got)


def _remedy(scope: object) -> str:
    if hasattr(scope, "__jsii_ref__"):
        return "This one is of the CDK in Node: import all of an app from one of them."
    return "In a class of your own, it is `self`."

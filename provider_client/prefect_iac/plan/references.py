"""To which objects a configuration refers, as the plan tells it: for each attribute, a list of references.

A nested attribute such as ``actions`` has one list for all that is in it, in the order in which it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.addresses import Address, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Reference", "References"]

_DEEPEST: Final = 20
"""Modules and variables that a reference is followed through."""

_RESOURCE: Final = re.compile(
    r'([a-z][a-z0-9_]*_[a-z0-9_]+)\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?(.*)', re.DOTALL
)

_OUTPUT: Final = re.compile(r'([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?')


class Reference(NamedTuple):
    """An attribute of an object, or of every instance of it."""

    address: Address
    """With the keys that the reference names; without one, any instance may be meant."""
    attribute: str
    """Empty where the plan tells only of the object."""
    by_key: bool = False
    """Whether the expression also has ``each.key``, ``each.value`` or ``count.index``."""

    @property
    def type(self) -> str:
        """The type of the object: ``prefect_flow``."""
        return self.address.resource.name.partition(".")[0]


class _Module(NamedTuple):
    """A module of the configuration, with how it was called."""

    content: Mapping[str, Any]
    path: tuple[str, ...]
    keys: tuple[str, ...] = ()
    """Of the instances that a reference names, as far as it does."""
    caller: _Module | None = None
    arguments: Mapping[str, Any] = {}


class References:
    """The references of a plan's configuration; what is damaged in it refers to nothing."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._root = _Module(_object(configuration, "root_module"), ())
        self._resources: dict[tuple[tuple[str, ...], str], tuple[_Module, Mapping[str, Any]]] = {}
        self._collect(self._root)

    def is_set(self, address: str, attribute: str) -> bool | None:
        """Whether the configuration sets an attribute of an object; ``None`` where the plan does not have it."""
        found = self._resources.get(Address.read(address).declared)
        if found is None:
            return None
        expressions = _object(found[1], "expressions")
        return attribute in expressions and expressions[attribute] != {"constant_value": None}

    def of(self, address: str, attribute: str) -> list[Reference]:
        """What an attribute of an object refers to, in the order in which it is written."""
        found = self._resources.get(Address.read(address).declared)
        if found is None:
            return []
        module, resource = found
        return list(self._in(module, _object(resource, "expressions").get(attribute), 0))

    def configured(self) -> dict[str, frozenset[str]]:
        """Which attributes are set, by address without keys."""
        return {
            ".".join([*(f"module.{name}" for name in path), resource]): frozenset(
                name
                for name, one in _object(content, "expressions").items()
                if one != {"constant_value": None}
            )
            for (path, resource), (_, content) in self._resources.items()
        }

    def _collect(self, module: _Module) -> None:
        resources = module.content.get("resources")
        for resource in resources if isinstance(resources, list) else ():
            if isinstance(resource, dict) and isinstance(resource.get("address"), str):
                self._resources[module.path, resource["address"]] = (module, resource)
        if len(module.path) > _DEEPEST:
            return
        for name, call in _object(module.content, "module_calls").items():
            if isinstance(call, dict):
                self._collect(_called(module, name, call))

    def _in(self, module: _Module, expression: Any, depth: int) -> Iterator[Reference]:
        """The references in an expression of a module; an expression may be nested blocks of them."""
        if depth > _DEEPEST:
            return
        if isinstance(expression, list):
            for item in expression:
                yield from self._in(module, item, depth + 1)
            return
        if not isinstance(expression, dict):
            return
        texts = expression.get("references")
        if not isinstance(texts, list):
            for item in expression.values():
                yield from self._in(module, item, depth + 1)
            return
        listed = [text for text in texts if isinstance(text, str)]
        by_key = any(text in ("each.key", "each.value", "count.index") for text in listed)
        for text in _longest(listed):
            yield from self._one(module, text, depth + 1, by_key=by_key)

    def _one(self, module: _Module, text: str, depth: int, *, by_key: bool) -> Iterator[Reference]:
        kind, _, rest = text.partition(".")
        if kind == "var":
            name = re.split(r"[.\[]", rest, maxsplit=1)[0]
            if module.caller is not None:
                yield from self._in(module.caller, module.arguments.get(name), depth)
        elif kind == "module":
            called = _OUTPUT.match(rest)
            call = _object(module.content, "module_calls").get(called[1]) if called else None
            if called and called[3] and isinstance(call, dict):
                inner = _called(module, called[1], call, called[2] or "")
                output = _object(_object(inner.content, "outputs"), called[3])
                yield from self._in(inner, output.get("expression"), depth)
        elif found := _RESOURCE.fullmatch(text):
            modules = tuple(map(Step, module.path, module.keys))
            address = Address(modules, Step(f"{found[1]}.{found[2]}", found[3] or ""))
            yield Reference(address, found[4] or "", by_key)


def _called(module: _Module, name: str, call: Mapping[str, Any], key: str = "") -> _Module:
    path, keys = (*module.path, name), (*module.keys, key)
    return _Module(_object(call, "module"), path, keys, module, _object(call, "expressions"))


def _longest(texts: Sequence[str]) -> Iterator[str]:
    """The references themselves: Terraform lists after each one what is left of it step by step."""
    before = ""
    for text in texts:
        if not (before.startswith(text) and before[len(text) : len(text) + 1] in (".", "[")):
            yield text
        before = text


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}

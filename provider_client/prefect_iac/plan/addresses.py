"""Addresses of Terraform, taken apart: ``module.a["x"].prefect_flow.this[0]``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Address", "Step"]

_STEP: Final = re.compile(r'([^.\["]+)(?:\[("(?:[^"\\]|\\.)*"|[^\]]*)\])?(?:\.|\Z)')


class Step(NamedTuple):
    """A module call or a resource, and the key of its instance as it is written: ``"x"``, ``0``, or empty."""

    name: str
    key: str = ""


class Address(NamedTuple):
    """Of an instance of a resource, or of all its instances."""

    modules: tuple[Step, ...]
    resource: Step
    """``prefect_flow.this``"""

    @classmethod
    def read(cls, text: str) -> Address:
        """The parts of an address; what is none is a resource of that name."""
        found = [Step(match[1], match[2] or "") for match in _STEP.finditer(text)]
        modules: list[Step] = []
        while len(found) > 3 and found[0].name == "module":
            modules.append(found[1])
            found = found[2:]
        if len(found) < 2:
            return cls((), Step(text))
        return cls(tuple(modules), Step(".".join(step.name for step in found), found[-1].key))

    @property
    def declared(self) -> tuple[tuple[str, ...], str]:
        """Where it is written in the configuration: the names of its modules, and the resource's."""
        return tuple(step.name for step in self.modules), self.resource.name

    @property
    def has_keys(self) -> bool:
        """Whether it names an instance of a module."""
        return any(step.key for step in self.modules)

    def may_be(self, other: Address) -> bool:
        """Whether another address of the same resource is one that this names; without a key it names all."""
        mine, theirs = (*self.modules, self.resource), (*other.modules, other.resource)
        return all(one.key in ("", another.key) for one, another in zip(mine, theirs, strict=True))

    def shares_instances(self, other: Address) -> bool:
        """Whether both are in the same instances of the modules that they have in common."""
        for mine, theirs in zip(self.modules, other.modules, strict=False):
            if mine.name != theirs.name:
                return True
            if mine.key != theirs.key:
                return False
        return True

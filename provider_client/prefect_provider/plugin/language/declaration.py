"""The declaration language: one class per object, one line per attribute.

An attribute is ``required``, ``optional`` or ``computed``, has a kind and a description, and states what
leaving it out means::

    class WorkQueue(Resource):
        type_name = "prefect_work_queue"

        name = required(String(), "Name of the queue.", replace=True)
        description = optional(String(), "What the queue is for.", default="")
        concurrency_limit = optional(Integer(), "How many runs at once; null means no limit.")
        priority = optional(Integer(), "Lower is served first.", server_default=True)
        status = computed(String(), "READY or NOT_READY.", follows=("is_paused",))

Leaving out an optional attribute means one of three things:

* nothing said: it is null on the server, so removing it from the configuration clears it there;
* ``default=x``: it is ``x``;
* ``server_default=True``: the server decides and its value is kept. If ``reset`` is given, an attribute
  that was once configured and then removed goes back to that value instead of staying as it was.

From these declarations come the Terraform schema, validation, planning, constructs and reference pages.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.plugin.language.types import ObjectType

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from prefect_provider.plugin.language.kinds import Kind
    from prefect_provider.plugin.language.values import Value

__all__ = [
    "UNSET",
    "Attribute",
    "ConflictsWith",
    "Declaration",
    "ExactlyOneOf",
    "Nested",
    "RequiresAll",
    "Rule",
    "computed",
    "optional",
    "required",
]


class _Unset:
    """The type of :data:`UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final[Any] = _Unset()
"""'Not given', where ``None`` would mean null."""


class Attribute:
    """One attribute of a declaration; make it with :func:`required`, :func:`optional` or :func:`computed`."""

    __slots__ = (
        "computed",
        "default",
        "deprecated",
        "description",
        "follows",
        "kind",
        "name",
        "null_is",
        "optional",
        "replace",
        "required",
        "reset",
        "sensitive",
        "server_default",
        "source",
        "volatile",
        "write_only",
    )

    def __init__(
        self,
        kind: Kind,
        description: str,
        *,
        required: bool = False,
        optional: bool = False,
        computed: bool = False,
        default: Value = UNSET,
        server_default: bool = False,
        reset: Value = UNSET,
        null_is: Value = UNSET,
        replace: bool = False,
        sensitive: bool = False,
        write_only: bool = False,
        volatile: bool = False,
        follows: Sequence[str] = (),
        deprecated: str = "",
        source: str | None = "",
    ) -> None:
        self.name = ""
        self.kind = kind
        self.description = description
        self.required = required
        self.optional = optional
        # Terraform lets a provider fill in what the configuration leaves out only in computed attributes.
        self.computed = computed or default is not UNSET or server_default or null_is is not UNSET
        self.default = default
        self.server_default = server_default
        self.reset = reset
        self.null_is = null_is
        self.replace = replace
        self.sensitive = sensitive
        self.write_only = write_only
        self.volatile = volatile
        self.follows = tuple(follows)
        self.deprecated = deprecated
        self.source = source

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.rstrip("_")
        if self.source == "":
            self.source = self.name

    def __repr__(self) -> str:
        return f"<Attribute {self.name}: {self.kind.label}>"

    @property
    def configurable(self) -> bool:
        """Whether the configuration may set it."""
        return self.required or self.optional

    def freeze(self, value: Value) -> Hashable:
        """Hashable, and equal for two values of this attribute exactly when they mean the same."""
        if value is None and self.null_is is not UNSET:
            value = self.null_is
        return self.kind.freeze(value)

    def same(self, left: Value, right: Value) -> bool:
        """Whether two values of this attribute mean the same."""
        return left is right or self.freeze(left) == self.freeze(right)


def required(
    kind: Kind,
    description: str,
    *,
    replace: bool = False,
    sensitive: bool = False,
    source: str | None = "",
) -> Attribute:
    """An attribute that the configuration must set.

    ``replace``: changing it needs a new object. ``source``: the field's name in the remote API where it
    differs; ``None`` where the API has no such field.
    """
    return Attribute(kind, description, required=True, replace=replace, sensitive=sensitive, source=source)


def optional(
    kind: Kind,
    description: str,
    *,
    default: Value = UNSET,
    server_default: bool = False,
    reset: Value = UNSET,
    null_is: Value = UNSET,
    replace: bool = False,
    sensitive: bool = False,
    write_only: bool = False,
    volatile: bool = False,
    follows: Sequence[str] = (),
    deprecated: str = "",
    source: str | None = "",
) -> Attribute:
    """An attribute that the configuration may set; see the module for what leaving it out means.

    ``null_is``: a value that means the same as null, such as ``""``. ``write_only``: sent, never stored.
    ``volatile``: it changes by itself, and a change of it alone is not a change of the object.
    ``follows``: with ``server_default``, the attributes whose change makes the server choose anew.
    """
    return Attribute(
        kind,
        description,
        optional=True,
        default=default,
        server_default=server_default,
        reset=reset,
        null_is=null_is,
        replace=replace,
        sensitive=sensitive,
        write_only=write_only,
        volatile=volatile,
        follows=follows,
        deprecated=deprecated,
        source=source,
    )


def computed(
    kind: Kind,
    description: str,
    *,
    volatile: bool = False,
    follows: Sequence[str] = (),
    sensitive: bool = False,
    source: str | None = "",
) -> Attribute:
    """An attribute that only the server sets.

    ``volatile``: it changes with every update (a modification time), and a change of it alone is not a
    change of the object. ``follows``: the attributes whose change changes it.
    """
    return Attribute(
        kind,
        description,
        computed=True,
        volatile=volatile,
        follows=follows,
        sensitive=sensitive,
        source=source,
    )


class Rule:
    """A condition on several attributes of one object, checked before planning."""

    def __init__(self, *names: str) -> None:
        self.names: Final = names

    def problem(self, given: Sequence[str], unsure: Sequence[str]) -> str | None:
        """What is wrong when ``given`` are set and ``unsure`` are not known yet; ``None`` if nothing is."""
        raise NotImplementedError


class ExactlyOneOf(Rule):
    """One of the attributes, and only one."""

    def problem(self, given: Sequence[str], unsure: Sequence[str]) -> str | None:
        names = ", ".join(f"`{name}`" for name in self.names)
        if len(given) > 1:
            return f"Set exactly one of {names}, got " + " and ".join(f"`{name}`" for name in given) + "."
        if not given and not unsure:
            return f"Set exactly one of {names}, got none of them."
        return None


class ConflictsWith(Rule):
    """At most one of the attributes."""

    def problem(self, given: Sequence[str], unsure: Sequence[str]) -> str | None:
        if len(given) > 1:
            return (
                " and ".join(f"`{name}`" for name in given) + " cannot be set together; remove one of them."
            )
        return None


class RequiresAll(Rule):
    """If the first is set, so must be all the others."""

    def problem(self, given: Sequence[str], unsure: Sequence[str]) -> str | None:
        first, *others = self.names
        missing = [name for name in others if name not in given and name not in unsure]
        if first in given and missing:
            return f"`{first}` needs " + " and ".join(f"`{name}`" for name in missing) + " to be set as well."
        return None


class Declaration:
    """Attributes that belong together, in the order they are written."""

    attributes: ClassVar[Mapping[str, Attribute]] = MappingProxyType({})
    rules: ClassVar[Sequence[Rule]] = ()

    def __init_subclass__(cls, *, without: Sequence[str] = (), **keywords: Any) -> None:
        """``without`` are inherited attributes that such an object has not."""
        super().__init_subclass__(**keywords)
        bases = [base.attributes for base in reversed(cls.__bases__) if issubclass(base, Declaration)]
        found = {name: one for base in bases for name, one in base.items() if name not in without}
        for member in vars(cls).values():
            if isinstance(member, Attribute):
                found[member.name] = member
        cls.attributes = MappingProxyType(found)

    @classmethod
    def object_type(cls) -> ObjectType:
        """The Terraform type of one such object."""
        return ObjectType({name: attribute.kind.type for name, attribute in cls.attributes.items()})

    @classmethod
    def documentation(cls) -> str:
        """The class's docstring, without its indentation."""
        import inspect

        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def nested(cls, name: str) -> type[Declaration]:
        """The declaration of the objects that a nested attribute holds."""
        kind = cls.attributes[name].kind
        nested: type[Declaration] | None = getattr(kind, "nested", None)
        if nested is None:
            msg = f"{cls.__name__}.{name} is a {kind.label}, not a nested object"
            raise TypeError(msg)
        return nested


class Nested(Declaration):
    """Attributes of an object inside another: ``trigger = { event = { ... } }``."""

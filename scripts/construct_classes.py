"""The classes of resources, data sources and the provider, from their declarations."""

import keyword
import re
from collections.abc import Iterable, Iterator

from prefect_provider.objects.catalogue import DATA_SOURCES, RESOURCES
from prefect_provider.objects.references import REFERENCES
from prefect_provider.plugin.language.declaration import UNSET, Attribute, Declaration
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Collection,
    Json,
    Kind,
    MapOf,
    Number,
    String,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.provider import PrefectProvider
from python_text import camel, default_text, docstring, entry, for_types, only_used, quoted

__all__ = ["HAND_WRITTEN", "PREFIXED", "REFERRED", "Writer", "any_of"]

HAND_WRITTEN = frozenset({"prefect_automation", "prefect_deployment"})
"""Resources with a class of their own in ``prefect_constructs``, which extends the generated one."""

PREFIXED = HAND_WRITTEN | {"prefect_deployment_schedule"}
"""Resources whose short name is that of something else: a deployment's ``DeploymentSchedule`` is an argument of it."""

META = frozenset(
    {
        "connection",
        "count",
        "depends_on",
        "for_each",
        "lifecycle",
        "provider",
        "provisioners",
        "alias",
        "follow_replacements",
    }
)

ARGUMENT_TYPES: tuple[tuple[type[Kind], str], ...] = (
    (AnyValue, "JsonValue"),
    (Bool, "Flag"),
    (Number, "Number"),
    (String, "str"),
    (Timestamp, "Instant"),
    (Uuid, "Identifier"),
)
"""What the kinds without parameters are called in ``prefect_constructs.argument_types``."""

MODULE = '''"""The construct of {title}.

Written by ``scripts/generate_constructs.py`` from ``{source}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Required, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    Instant,
    JsonArray,
    JsonObject,
    JsonValue,
    MetaArguments,
    Number,
    TextMap,
    Texts,
)
from prefect_constructs.{home} import {base}
from {source} import {declaration} as _Declaration
{references}
__all__ = [
{names}]

'''


STATELESS = frozenset({"PrefectAction", "PrefectEphemeral"})
"""The bases of what is in no state."""

REFERRED = frozenset(kind.type_name for kind in (*RESOURCES, *DATA_SOURCES)) & frozenset(
    reference.type_name for reference in REFERENCES.values()
)
"""The types of objects that attributes refer to, as far as there are constructs of them."""


def any_of(type_name: str) -> str:
    """The name of the type of every construct that stands for such an object."""
    return f"Any{camel(type_name.removeprefix('prefect_'))}"


class Writer:
    """The text of one module."""

    def __init__(self, declaration: type[Declaration], name: str, base: str, title: str) -> None:
        """``name`` is that of the class, ``base`` of the class that it extends."""
        self.declaration = declaration
        self.name = name
        self.base = base
        self.title = title
        self.nested: dict[str, tuple[type[Declaration], str]] = {}
        self.referred: set[str] = set()
        type_name = getattr(declaration, "type_name", "")
        self.is_resource = base == "PrefectResource"
        self.is_stateless = base in STATELESS
        self.aliases = {
            REFERENCES[one.name].stem: one.name
            for one in declaration.attributes.values()
            if self.is_resource and one.configurable and one.name in REFERENCES
            if type_name not in HAND_WRITTEN
        }
        """Arguments for what an attribute refers to, by their names: ``work_pool`` for ``work_pool_name``."""

    @property
    def names(self) -> list[str]:
        """Everything that the module has."""
        also = [self.other_name] if self.other_name else []
        return sorted([*self.nested, self.name, *also])

    @property
    def other_name(self) -> str:
        """The second name of the class."""
        return "" if not self.is_resource or self.name.startswith("Prefect") else f"Prefect{self.name}"

    def text(self) -> str:
        """Return the module."""
        body = "\n".join(self._construct())
        if self.other_name:
            body += f"\n\n\n{self.other_name} = {self.name}"
        head = MODULE.format(
            title=self.title,
            source=self.declaration.__module__,
            declaration=self.declaration.__name__,
            base=self.base,
            home="stateless" if self.is_stateless else "cdk_elements",
            references=for_types("references", self.referred),
            names="".join(f'    "{name}",\n' for name in self.names),
        )
        typed = "".join(f"\n{text}\n" for _, text in self.nested.values())
        return only_used(f"{head}{typed}\n{body}\n")

    # ------------------------------------------------------------------ the class

    def _construct(self) -> Iterator[str]:
        attributes = _ordered(self.declaration)
        given = sorted((one for one in attributes if one.configurable), key=lambda one: not self._needed(one))
        is_provider = self.declaration is PrefectProvider
        yield f"class {self.name}({self.base}):"
        yield docstring(self._documentation(given, is_provider=is_provider), 4)
        yield ""
        yield "    declaration: ClassVar[type[_Declaration]] = _Declaration"
        if self.aliases:
            pairs = ", ".join(f'"{alias}": "{name}"' for alias, name in self.aliases.items())
            yield f"    aliases: ClassVar[Mapping[str, str]] = {{{pairs}}}"
        yield ""
        yield "    def __init__("
        yield "        self,"
        yield "        scope: Scope,"
        yield "        id_: str,"
        yield "        *,"
        for name, one in self._arguments(given):
            type_ = self._argument_type(one)
            yield (
                f"        {name}: {type_},"
                if self._needed(one)
                else f"        {name}: {type_} | None = None,"
            )
        if self.is_stateless:
            yield "        provider: TerraformProvider | None = None,"
        else:
            yield (
                "        alias: str | None = None,"
                if is_provider
                else "        **meta: Unpack[MetaArguments],"
            )
        yield "    ) -> None:"
        yield "        arguments = {"
        for name, _ in self._arguments(given):
            yield f'            "{name}": {name},'
        yield "        }"
        last = "provider" if self.is_stateless else "alias" if is_provider else "meta"
        yield f"        super().__init__(scope, id_, arguments, {last})"
        if not is_provider and self.base != "PrefectAction":
            for one in attributes:
                if not one.write_only:
                    yield ""
                    yield from _property(one, of_ephemeral=self.is_stateless)

    def _needed(self, attribute: Attribute) -> bool:
        """Whether an argument has no default: a name has the construct's, and there may be another argument for it."""
        named = self.is_resource and attribute.name == "name"
        return attribute.required and not named and attribute.name not in self.aliases.values()

    def _arguments(self, given: Iterable[Attribute]) -> Iterator[tuple[str, Attribute]]:
        """The arguments in order, also those that stand for an attribute."""
        aliases = {name: alias for alias, name in self.aliases.items()}
        for one in given:
            if one.name in aliases:
                yield aliases[one.name], one
            yield one.name, one

    def _documentation(self, given: Iterable[Attribute], *, is_provider: bool) -> str:
        lines = [self.declaration.documentation(), "", "Args:"]
        lines.append(entry("scope", "The construct that it is part of, such as the stack."))
        kept = (
            "Terraform knows it by it."
            if self.is_stateless
            else "Terraform's state knows it by this name: keep it."
        )
        lines.append(entry("id_", f"Its name in `scope`. {kept}"))
        for name, one in self._arguments(given):
            lines.append(entry(name, self._said(name, one)))
        if self.is_stateless:
            lines.append(entry("provider", "The provider that it uses, if not the one without an alias."))
        elif is_provider:
            lines.append(entry("alias", "Name it where a stack has several, and pass it on as `provider`."))
        else:
            lines.append(entry("**meta", "Terraform's meta-arguments, such as `depends_on` and `lifecycle`."))
        lines += ["", "Raises:"]
        lines.append(entry("PrefectConstructError", "Terraform or Prefect would refuse the arguments."))
        return "\n".join(lines)

    def _said(self, name: str, one: Attribute) -> str:
        if self.is_resource and name == "name" and one.required:
            return f"{_explain(one)} Default: `id_`."
        if name != one.name:
            reference = REFERENCES[one.name]
            what = reference.type_name.removeprefix("prefect_").replace("_", " ")
            replace = " Changing it makes a new object." if one.replace else ""
            return f"The {what}, or its {reference.attribute}.{replace}"
        alias = next((alias for alias, known in self.aliases.items() if known == name), "")
        return f"The same as `{alias}`." if alias else _explain(one)

    # ------------------------------------------------------------------ types

    def _argument_type(self, attribute: Attribute) -> str:
        reference = REFERENCES.get(attribute.name)
        own = self._kind_type(attribute.kind)
        if reference is None or reference.type_name not in REFERRED:
            return own
        name = any_of(reference.type_name)
        self.referred.add(name)
        return f"{name} | {own}"

    def _kind_type(self, kind: Kind) -> str:
        match kind:
            case NestedKind():
                name = self._typed_dict(kind.nested)
                forms = {"single": name, "map": f"Mapping[str, {name}]"}
                return f"{forms.get(kind.mode, f'Sequence[{name}]')} | IResolvable"
            case Collection(element=String() | Uuid()):
                return "TextMap" if isinstance(kind, MapOf) else "Texts"
            case Json():
                return {"object": "JsonObject", "array": "JsonArray"}.get(kind.shape, "JsonValue")
            case String() if kind.choices:
                return f"Literal[{', '.join(quoted(choice) for choice in kind.choices)}] | IResolvable"
        for type_, name in ARGUMENT_TYPES:
            if isinstance(kind, type_):
                return name
        msg = f"no type for {kind.label}"
        raise TypeError(msg)

    def _typed_dict(self, declaration: type[Declaration]) -> str:
        stem = self.name.removeprefix("Prefect")
        own = declaration.__name__
        name = own if own.startswith(stem) else f"{stem}{own}"
        known = self.nested.get(name)
        if known is not None:
            if known[0] is not declaration:
                msg = f"two declarations would be called {name}"
                raise ValueError(msg)
            return name
        lines = [f"class {name}(TypedDict, total=False):", docstring(declaration.documentation(), 4)]
        for one in _ordered(declaration):
            if one.configurable:
                if keyword.iskeyword(one.name):
                    msg = f"{name}.{one.name} is a keyword of Python"
                    raise ValueError(msg)
                type_ = self._argument_type(one)
                lines += ["", f"    {one.name}: {f'Required[{type_}]' if one.required else type_}"]
                lines.append(docstring(_explain(one), 4))
        self.nested[name] = (declaration, "\n".join(lines) + "\n")
        return name


def _ordered(declaration: type[Declaration]) -> list[Attribute]:
    """The attributes in the order they are declared in, inherited ones last."""
    own = [one for one in vars(declaration).values() if isinstance(one, Attribute)]
    rest = [one for one in declaration.attributes.values() if all(one.name != known.name for known in own)]
    return [*own, *rest]


def _property(attribute: Attribute, *, of_ephemeral: bool = False) -> Iterator[str]:
    name = attribute.name
    type_, getter = _output(attribute.kind)
    if of_ephemeral:
        type_, getter = ("str", "text_attribute") if type_ == "str" else ("IResolvable", "any_attribute")
    if name in META or keyword.iskeyword(name):
        msg = f"an attribute cannot be called {name}: constructs have a member of that name"
        raise ValueError(msg)
    yield "    @property"
    yield f"    def {name}(self) -> {type_}:"
    yield docstring(_described(attribute), 8)
    yield f'        return self.{getter}("{name}")'


def _output(kind: Kind) -> tuple[str, str]:
    """The type of a token for the attribute, and the method that makes it."""
    match kind:
        case MapOf(element=String() | Json()):
            return "Mapping[str, str]", "get_string_map_attribute"
        case Collection(element=String() | Uuid()):
            return "list[str]", "get_list_attribute"
        case Number():
            return "float", "get_number_attribute"
        case Bool():
            return "IResolvable", "get_boolean_attribute"
        case NestedKind() | AnyValue() | Collection():
            return "IResolvable", "interpolation_for_attribute"
    return "str", "get_string_attribute"


def _explain(attribute: Attribute) -> str:
    """The description, with what the declaration says besides."""
    said = [_described(attribute)]
    if isinstance(attribute.kind, String) and attribute.kind.choices:
        said.append(f"One of {', '.join(f'`{choice}`' for choice in attribute.kind.choices)}.")
    if attribute.default is not UNSET:
        said.append(f"Default: {default_text(attribute.default)}.")
    elif attribute.server_default and "eft out" not in attribute.description:
        said.append("Left out, the server decides.")
    if attribute.replace:
        said.append("Changing it makes a new object.")
    if attribute.sensitive:
        said.append("Sensitive: what is written here is readable in the synthesized configuration.")
    if attribute.deprecated:
        said.append(f"Deprecated: {attribute.deprecated}")
    return " ".join(said)


def _described(attribute: Attribute) -> str:
    """The description, without advice that is for HCL alone."""
    text = attribute.description.replace(" Use `jsonencode()`.", "")
    return re.sub(r"\bnull\b", "`None`", text)

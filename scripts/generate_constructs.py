"""Write the construct classes from the declarations of resources, data sources and the provider, and from the rules.

A resource becomes a class of its name, `WorkPool`, that is also called `PrefectWorkPool`; one for which there is a
richer class written by hand keeps the second name only. The classes of actions, and the words that Prefect has for
states, postures and metrics, come from the rules.

Run it after a change of a declaration: ``python scripts/generate_constructs.py``. The output is committed, so
that editors and type checkers see every argument. With ``--check`` nothing is written: it lists what is out
of date.
"""

import keyword
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from environment import ROOT
from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.objects.lookups import DATA_SOURCES
from prefect_provider.objects.references import REFERENCES
from prefect_provider.objects.server.deployment.resource import Deployment
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
from prefect_provider.rules.actions import ACTION_FIELDS, ACTIONS, SOURCES, STATES, ActionField, ActionSpec
from prefect_provider.rules.triggers import EVENT_POSTURES, METRIC_OPERATORS, METRICS

__all__ = ["OUTPUT", "differences", "generate"]

OUTPUT = ROOT / "constructs" / "prefect_constructs" / "_generated"

WIDTH = 110

HAND_WRITTEN = frozenset({"prefect_automation", "prefect_deployment"})
"""Resources with a class of their own in ``prefect_constructs``, which extends the generated one."""

META = frozenset(
    {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners", "alias"}
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

from prefect_constructs._runtime import Construct, IResolvable
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
from prefect_constructs.elements import {base}
from {source} import {declaration} as _Declaration
{references}
__all__ = [
{names}]

'''


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
            references=_for_types("references", self.referred),
            names="".join(f'    "{name}",\n' for name in self.names),
        )
        typed = "".join(f"\n{text}\n" for _, text in self.nested.values())
        return _only_used(f"{head}{typed}\n{body}\n")

    # ------------------------------------------------------------------ the class

    def _construct(self) -> Iterator[str]:
        attributes = _ordered(self.declaration)
        given = sorted((one for one in attributes if one.configurable), key=lambda one: not self._needed(one))
        is_provider = self.declaration is PrefectProvider
        yield f"class {self.name}({self.base}):"
        yield _docstring(self._documentation(given, is_provider=is_provider), 4)
        yield ""
        yield "    declaration: ClassVar[type[_Declaration]] = _Declaration"
        if self.aliases:
            pairs = ", ".join(f'"{alias}": "{name}"' for alias, name in self.aliases.items())
            yield f"    aliases: ClassVar[Mapping[str, str]] = {{{pairs}}}"
        yield ""
        yield "    def __init__("
        yield "        self,"
        yield "        scope: Construct,"
        yield "        id_: str,"
        yield "        *,"
        for name, one in self._arguments(given):
            type_ = self._argument_type(one)
            yield (
                f"        {name}: {type_},"
                if self._needed(one)
                else f"        {name}: {type_} | None = None,"
            )
        yield "        alias: str | None = None," if is_provider else "        **meta: Unpack[MetaArguments],"
        yield "    ) -> None:"
        yield "        arguments = {"
        for name, _ in self._arguments(given):
            yield f'            "{name}": {name},'
        yield "        }"
        yield f"        super().__init__(scope, id_, arguments, {'alias' if is_provider else 'meta'})"
        if not is_provider:
            for one in attributes:
                if not one.write_only:
                    yield ""
                    yield from _property(one)

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
        lines.append(_entry("scope", "The construct that it is part of, such as the stack."))
        lines.append(_entry("id_", "Its name in `scope`. Terraform's state knows it by this name: keep it."))
        for name, one in self._arguments(given):
            lines.append(_entry(name, self._said(name, one)))
        if is_provider:
            lines.append(_entry("alias", "Name it where a stack has several, and pass it on as `provider`."))
        else:
            lines.append(
                _entry("**meta", "Terraform's meta-arguments, such as `depends_on` and `lifecycle`.")
            )
        lines += ["", "Raises:"]
        lines.append(_entry("PrefectConstructError", "Terraform or Prefect would refuse the arguments."))
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
        if reference is None or reference.type_name not in _REFERRED:
            return own
        name = _any_of(reference.type_name)
        self.referred.add(name)
        return f"{name} | {own}"

    def _kind_type(self, kind: Kind) -> str:
        match kind:
            case NestedKind():
                name = self._typed_dict(kind.nested)
                forms = {"single": name, "map": f"Mapping[str, {name}]"}
                return f"{forms.get(kind.mode, f'Sequence[{name}]')} | IResolvable"
            case Collection(element=String()):
                return "TextMap" if isinstance(kind, MapOf) else "Texts"
            case Json():
                return {"object": "JsonObject", "array": "JsonArray"}.get(kind.shape, "JsonValue")
            case String() if kind.choices:
                return f"Literal[{', '.join(_quoted(choice) for choice in kind.choices)}] | IResolvable"
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
        lines = [f"class {name}(TypedDict, total=False):", _docstring(declaration.documentation(), 4)]
        for one in _ordered(declaration):
            if one.configurable:
                if keyword.iskeyword(one.name):
                    msg = f"{name}.{one.name} is a keyword of Python"
                    raise ValueError(msg)
                type_ = self._argument_type(one)
                lines += ["", f"    {one.name}: {f'Required[{type_}]' if one.required else type_}"]
                lines.append(_docstring(_explain(one), 4))
        self.nested[name] = (declaration, "\n".join(lines) + "\n")
        return name


def _ordered(declaration: type[Declaration]) -> list[Attribute]:
    """The attributes in the order they are declared in, inherited ones last."""
    own = [one for one in vars(declaration).values() if isinstance(one, Attribute)]
    rest = [one for one in declaration.attributes.values() if all(one.name != known.name for known in own)]
    return [*own, *rest]


def _property(attribute: Attribute) -> Iterator[str]:
    name = attribute.name
    type_, getter = _output(attribute.kind)
    if name in META or keyword.iskeyword(name):
        msg = f"an attribute cannot be called {name}: constructs have a member of that name"
        raise ValueError(msg)
    yield "    @property"
    yield f"    def {name}(self) -> {type_}:"
    yield _docstring(_described(attribute), 8)
    yield f'        return self.{getter}("{name}")'


def _output(kind: Kind) -> tuple[str, str]:
    """The type of a token for the attribute, and the method that makes it."""
    match kind:
        case MapOf(element=String()):
            return "Mapping[str, str]", "get_string_map_attribute"
        case Collection(element=String()):
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
        said.append(f"Default: {_default(attribute.default)}.")
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


def _default(value: Any) -> str:
    number = isinstance(value, float)
    return "empty" if value == "" else f"`{value:g}`" if number else f"`{value}`"


def _entry(name: str, text: str) -> str:
    return f"    {name}: {text}"


def _docstring(text: str, indent: int) -> str:
    margin = " " * indent
    wrapped: list[str] = []
    for line in _paragraphs(text):
        start = line[: len(line) - len(line.lstrip())]
        wrapped += textwrap.wrap(
            line,
            WIDTH - indent,
            subsequent_indent=start + ("    " if start else ""),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    whole = "\n".join(f"{margin}{line}".rstrip() for line in wrapped).strip()
    prefix = "r" if "\\" in whole else ""
    if '"""' in whole:
        msg = f"a description cannot hold three quotes: {whole}"
        raise ValueError(msg)
    one_line = f'{margin}{prefix}"""{whole}"""'
    if len(wrapped) == 1 and not whole.endswith('"') and len(one_line) <= WIDTH:
        return one_line
    return f'{margin}{prefix}"""{whole}\n{margin}"""'


def _paragraphs(text: str) -> Iterator[str]:
    """The lines with those joined that only a line's width had parted."""
    held = ""
    for line in text.splitlines():
        if held and line and not line.startswith(" "):
            held += f" {line}"
            continue
        if held:
            yield held
        held = "" if not line or line.startswith(" ") else line
        if not held:
            yield line
    if held:
        yield held


_REFERRED = frozenset(kind.type_name for kind in (*RESOURCES, *DATA_SOURCES)) & frozenset(
    reference.type_name for reference in REFERENCES.values()
)
"""The types of objects that attributes refer to, as far as there are constructs of them."""


def _any_of(type_name: str) -> str:
    """The name of the type of every construct that stands for such an object."""
    return f"Any{_camel(type_name.removeprefix('prefect_'))}"


def _for_types(module: str, names: Iterable[str]) -> str:
    """Imports that only type checkers need, so that modules may refer to each other."""
    listed = sorted(names)
    if not listed:
        return ""
    lines = [f"    from prefect_constructs._generated.{module} import ("]
    lines += [f"        {name}," for name in listed]
    return "\n".join(["", "if TYPE_CHECKING:", *lines, "    )", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _only_used(text: str) -> str:
    """The module without the imports that it has no use for."""
    head, marker, body = text.partition("\n__all__ =")
    _, guard, for_types = head.partition("if TYPE_CHECKING")
    used = body + guard + for_types
    lines = []
    for line in head.splitlines():
        start, imports, names = line.partition(" import ")
        if line.startswith("    ") and line.endswith(","):
            if _used(line.strip(" ,"), used if line.startswith("        ") else body):
                lines.append(line)
        elif imports and names not in {"(", "annotations"}:
            kept = [name for name in names.split(", ") if _used(name.split(" as ")[-1], used)]
            if kept:
                lines.append(f"{start} import {', '.join(kept)}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" + marker + body


def _used(name: str, body: str) -> bool:
    return re.search(rf"\b{name}\b", body) is not None


def generate() -> dict[Path, str]:
    """Return every module, by the path that it belongs at."""
    modules: dict[Path, str] = {}
    exported: list[tuple[str, list[str]]] = []
    writers = _writers()
    for writer in writers:
        text = writer.text()
        module = f"prefect_{_snake(writer.name.removeprefix('Prefect'))}"
        module = module.replace("prefect_data_prefect_", "data_prefect_")
        modules[OUTPUT / f"{module}.py"] = text
        exported.append((module, writer.names))
    for module, (text, names) in {
        "actions": action_module(),
        "references": reference_module({writer.name: writer.declaration for writer in writers}),
        "vocabulary": vocabulary_module(),
    }.items():
        modules[OUTPUT / f"{module}.py"] = text
        exported.append((module, names))
    modules[OUTPUT / "__init__.py"] = _package(sorted(exported))
    return modules


def _writers() -> list[Writer]:
    writers = [Writer(PrefectProvider, "PrefectProvider", "PrefectProviderElement", "provider prefect")]
    for resource in RESOURCES:
        prefixed = resource.type_name in HAND_WRITTEN
        name = _camel(resource.type_name if prefixed else resource.type_name.removeprefix("prefect_"))
        writers.append(Writer(resource, name, "PrefectResource", f"resource {resource.type_name}"))
    for source in DATA_SOURCES:
        name = f"Data{_camel(source.type_name)}"
        writers.append(Writer(source, name, "PrefectDataSource", f"data {source.type_name}"))
    return writers


def reference_module(classes: Mapping[str, type[Declaration]]) -> tuple[str, list[str]]:
    """The types of the constructs that stand for objects which attributes refer to; no names are exported."""
    found: dict[str, list[str]] = {}
    for name, declaration in classes.items():
        type_name = getattr(declaration, "type_name", "")
        if type_name in _REFERRED:
            found.setdefault(type_name, []).append(name)
    lines = [
        '"""The constructs that stand for an object of Prefect, for type checkers.',
        "",
        "Written by ``scripts/generate_constructs.py``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, TypeAlias",
        "",
        "if TYPE_CHECKING:",
        "    from prefect_constructs._generated import (",
        *sorted(f"        {name}," for names in found.values() for name in names),
        "    )",
        "",
        "__all__ = [",
        *sorted(f'    "{_any_of(type_name)}",' for type_name in found),
        "]",
        "",
    ]
    for type_name, names in sorted(found.items()):
        lines.append(f'{_any_of(type_name)}: TypeAlias = "{" | ".join(sorted(names))}"')
        lines.append("")
    return "\n".join(lines), []


def vocabulary_module() -> tuple[str, list[str]]:
    """Prefect's words, from the rules."""
    members = "\n".join(f'    {posture} = "{posture}"' for posture in EVENT_POSTURES)
    literals = {
        "ActionSource": (
            SOURCES,
            "Whether an action applies to the object that it names, or to the one of the event.",
        ),
        "CollisionStrategy": (
            _choices(Deployment, "concurrency_options", "collision_strategy"),
            "What happens to a run of a deployment for which there is no slot.",
        ),
        "MetricName": (METRICS, "The metrics that a trigger can watch."),
        "MetricOperator": (METRIC_OPERATORS, "How a metric is compared with its threshold."),
        "StateType": (STATES, "The types of states that a flow run can be in."),
    }
    lines = [
        '"""Prefect\'s words for states, postures, metrics and the like.',
        "",
        "Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from enum import StrEnum",
        "from typing import Literal, TypeAlias",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted([*literals, "Posture"])),
        "]",
        "",
    ]
    for name, (choices, description) in literals.items():
        lines += [f"{name}: TypeAlias = Literal[", *(f"    {_quoted(choice)}," for choice in choices), "]"]
        lines += [_docstring(description, 0), ""]
    lines += ["", "class Posture(StrEnum):"]
    lines += ['    """Whether a trigger responds to events or to their absence."""', "", members, ""]
    return "\n".join(lines), ["Posture"]


def _choices(declaration: type[Declaration], *path: str) -> tuple[str, ...]:
    for name in path[:-1]:
        declaration = declaration.nested(name)
    kind = declaration.attributes[path[-1]].kind
    assert isinstance(kind, String)  # noqa: S101 - the generator, not the product
    return kind.choices


FIELD_TYPES: Mapping[str, str] = {
    "identifier": "Identifier",
    "object": "JsonObject",
    "seconds": "Duration",
    "text": "str",
    "template": "str",
    "payload": "JsonValue",
    "flag": "Flag",
    "addresses": "Sequence[str]",
}
"""What the kinds of an action's fields may be written as."""

CHOICE_TYPES: Mapping[str, str] = {"source": "ActionSource", "state": "StateType"}


def action_module() -> tuple[str, list[str]]:
    """The classes of actions, from the table of their fields."""
    classes = {_camel(spec.type.replace("-", "_")): spec for spec in ACTIONS.values()}
    body = "\n".join(line for name, spec in classes.items() for line in _action(name, spec))
    referred = [
        _any_of(f"prefect_{field.object}")
        for field in ACTION_FIELDS.values()
        if f"prefect_{field.object}" in _REFERRED
    ]
    head = [
        '"""What an automation does, one class for each type of action.',
        "",
        "Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules.actions``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping, Sequence",
        "from dataclasses import KW_ONLY, dataclass",
        "from typing import TYPE_CHECKING, ClassVar",
        "",
        "from prefect_constructs.actions import TypedAction",
        "",
        "if TYPE_CHECKING:",
        "    from prefect_constructs._generated.references import (",
        *(f"        {name}," for name in sorted(set(referred))),
        "    )",
        "    from prefect_constructs._generated.vocabulary import ActionSource, StateType",
        "    from prefect_constructs.argument_types import Flag, Identifier, JsonObject, JsonValue",
        "    from prefect_constructs.durations import Duration",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(classes)),
        "]",
        "",
    ]
    return "\n".join([*head, body, ""]), sorted(classes)


def _action(name: str, spec: ActionSpec) -> Iterator[str]:
    """One class: the object that the action is on comes first, and without a name."""
    fields = [ACTION_FIELDS[one] for one in spec.order]
    first = fields[0].name if fields and fields[0].kind in ("identifier", "choice") else ""
    aliases = {one.object: one.name for one in fields if f"prefect_{one.object}" in _REFERRED}
    yield ""
    yield "@dataclass(frozen=True, slots=True)"
    yield f"class {name}(TypedAction):"
    yield _docstring(_action_documentation(spec, fields), 4)
    yield ""
    yield f'    type: ClassVar[str] = "{spec.type}"'
    if aliases:
        pairs = ", ".join(f'"{alias}": "{one}"' for alias, one in aliases.items())
        yield f"    aliases: ClassVar[Mapping[str, str]] = {{{pairs}}}"
    if fields:
        yield ""
    if not first and fields:
        yield "    _: KW_ONLY"
    # Fields that have to be given come before those that have not; one with two names is never needed under either.
    for one in sorted(fields, key=lambda one: (one.name != first, one.name not in spec.required)):
        needed = one.name in spec.required and one.object not in aliases
        suffix = "" if needed else " | None = None"
        yield f"    {one.object if one.object in aliases else one.name}: {_field_type(one)}{suffix}"
        if one.name == first:
            yield "    _: KW_ONLY"
    for alias in aliases.values():
        yield f"    {alias}: {_field_type(ACTION_FIELDS[alias])} | None = None"
    yield ""


def _field_type(field: ActionField) -> str:
    if field.kind == "choice":
        return CHOICE_TYPES[field.name]
    own = FIELD_TYPES[field.kind]
    known = f"prefect_{field.object}" in _REFERRED
    return f"{_any_of(f'prefect_{field.object}')} | {own}" if known else own


def _action_documentation(spec: ActionSpec, fields: list[ActionField]) -> str:
    where = (
        " On Prefect Cloud only." if spec.cloud_only else " Not on Prefect Cloud." if spec.oss_only else ""
    )
    lines = [f"{spec.summary}{where}"]
    if fields:
        lines += ["", "Args:"]
    for one in fields:
        known = f"prefect_{one.object}" in _REFERRED
        what = one.object.replace("_", " ")
        text = f"The {what}, or its id (UUID)." if known else one.description
        if one.name in spec.defaults and one.default is not None:
            text += f" Default: {_default(one.default)}."
        if one.kind == "seconds":
            text = text.replace("Seconds to", "How long to")
        if one.name in spec.cloud_fields:
            text += " On Prefect Cloud only."
        lines.append(_entry(one.object if known else one.name, text))
    for one in fields:
        if f"prefect_{one.object}" in _REFERRED:
            lines.append(_entry(one.name, f"The same as `{one.object}`."))
    return "\n".join(lines)


def _package(exported: list[tuple[str, list[str]]]) -> str:
    lines = [
        '"""The constructs that mirror the provider one to one, and the classes that are made from the rules.',
        "",
        "Written by ``scripts/generate_constructs.py``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    for module, names in exported:
        if not names:
            continue
        lines.append(f"from prefect_constructs._generated.{module} import (")
        lines += [f"    {name}," for name in names]
        lines.append(")")
    lines += ["", "__all__ = ["]
    lines += [f'    "{name}",' for name in sorted(name for _, names in exported for name in names)]
    return "\n".join([*lines, "]", ""])


def _camel(type_name: str) -> str:
    return "".join(part.capitalize() for part in type_name.split("_"))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def differences() -> list[str]:
    """Return what the committed modules differ in from what would be written, one line for each."""
    expected = generate()
    found = [f"{path.name}: out of date" for path, text in expected.items() if _read(path) != text]
    superfluous = [path for path in OUTPUT.glob("*.py") if path not in expected]
    return found + [f"{path.name}: no longer generated" for path in superfluous]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write what differs, or list it."""
    found = differences()
    if "--check" in sys.argv[1:]:
        for line in found:
            print(f"{line}; run scripts/generate_constructs.py")
        return 1 if found else 0
    OUTPUT.mkdir(exist_ok=True)
    expected = generate()
    for path in OUTPUT.glob("*.py"):
        if path not in expected:
            path.unlink()
    for path, text in expected.items():
        path.write_text(text, encoding="utf-8")
    for line in found:
        print(line.replace("out of date", "written").replace("no longer generated", "removed"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the construct classes from the declarations of resources, data sources and the provider.

Run it after a change of a declaration: ``python scripts/generate_constructs.py``. The output is committed, so
that editors and type checkers see every argument. With ``--check`` nothing is written: it lists what is out
of date.
"""

import keyword
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from environment import ROOT
from prefect_provider.objects.catalogue import DATA_SOURCES, RESOURCES
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

__all__ = ["OUTPUT", "differences", "generate"]

OUTPUT = ROOT / "constructs" / "prefect_constructs" / "_generated"

WIDTH = 110

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
from typing import ClassVar, Literal, Required, TypedDict, Unpack

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

    def text(self) -> str:
        """Return the module."""
        body = "\n".join(self._construct())
        names = sorted([*self.nested, self.name])
        head = MODULE.format(
            title=self.title,
            source=self.declaration.__module__,
            declaration=self.declaration.__name__,
            base=self.base,
            names="".join(f'    "{name}",\n' for name in names),
        )
        typed = "".join(f"\n{text}\n" for _, text in self.nested.values())
        return _only_used(f"{head}{typed}\n{body}\n")

    # ------------------------------------------------------------------ the class

    def _construct(self) -> Iterator[str]:
        attributes = _ordered(self.declaration)
        given = sorted((one for one in attributes if one.configurable), key=lambda one: not one.required)
        is_provider = self.declaration is PrefectProvider
        yield f"class {self.name}({self.base}):"
        yield _docstring(self._documentation(given, is_provider=is_provider), 4)
        yield ""
        yield "    declaration: ClassVar[type[_Declaration]] = _Declaration"
        yield ""
        yield "    def __init__("
        yield "        self,"
        yield "        scope: Construct,"
        yield "        id_: str,"
        yield "        *,"
        for one in given:
            type_ = self._argument_type(one.kind)
            yield (
                f"        {one.name}: {type_},"
                if one.required
                else f"        {one.name}: {type_} | None = None,"
            )
        yield "        alias: str | None = None," if is_provider else "        **meta: Unpack[MetaArguments],"
        yield "    ) -> None:"
        yield "        arguments = {"
        for one in given:
            yield f'            "{one.name}": {one.name},'
        yield "        }"
        yield f"        super().__init__(scope, id_, arguments, {'alias' if is_provider else 'meta'})"
        if not is_provider:
            for one in attributes:
                if not one.write_only:
                    yield ""
                    yield from _property(one)

    def _documentation(self, given: Iterable[Attribute], *, is_provider: bool) -> str:
        lines = [self.declaration.documentation(), "", "Args:"]
        lines.append(_entry("scope", "The construct that it is part of, such as the stack."))
        lines.append(_entry("id_", "Its name in `scope`. Terraform's state knows it by this name: keep it."))
        lines += [_entry(one.name, _explain(one)) for one in given]
        if is_provider:
            lines.append(_entry("alias", "Name it where a stack has several, and pass it on as `provider`."))
        else:
            lines.append(
                _entry("**meta", "Terraform's meta-arguments, such as `depends_on` and `lifecycle`.")
            )
        lines += ["", "Raises:"]
        lines.append(_entry("PrefectConstructError", "Terraform or Prefect would refuse the arguments."))
        return "\n".join(lines)

    # ------------------------------------------------------------------ types

    def _argument_type(self, kind: Kind) -> str:
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
                type_ = self._argument_type(one.kind)
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
    return attribute.description.replace(" Use `jsonencode()`.", "")


def _default(value: Any) -> str:
    return "empty" if value == "" else f"`{value}`"


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


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _only_used(text: str) -> str:
    """The module without the imports that it has no use for."""
    head, marker, body = text.partition("\n__all__ =")
    lines = []
    for line in head.splitlines():
        start, imports, names = line.partition(" import ")
        if line.startswith("    ") and line.endswith(","):
            if _used(line.strip(" ,"), body):
                lines.append(line)
        elif imports and names not in {"(", "annotations"}:
            kept = [name for name in names.split(", ") if _used(name.split(" as ")[-1], body)]
            if kept:
                lines.append(f"{start} import {', '.join(kept)}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" + marker + body


def _used(name: str, body: str) -> bool:
    return re.search(rf"\b{name}\b", body) is not None


def generate() -> dict[Path, str]:
    """Return every module, by the path that it belongs at."""
    writers = [Writer(PrefectProvider, "PrefectProvider", "PrefectProviderElement", "provider prefect")]
    for resource in RESOURCES:
        name = _camel(resource.type_name)
        writers.append(Writer(resource, name, "PrefectResource", f"resource {resource.type_name}"))
    for source in DATA_SOURCES:
        name = f"Data{_camel(source.type_name)}"
        writers.append(Writer(source, name, "PrefectDataSource", f"data {source.type_name}"))
    modules: dict[Path, str] = {}
    exported: list[tuple[str, list[str]]] = []
    for writer in writers:
        module = _snake(writer.name)
        modules[OUTPUT / f"{module}.py"] = writer.text()
        exported.append((module, sorted([*writer.nested, writer.name])))
    modules[OUTPUT / "__init__.py"] = _package(sorted(exported))
    return modules


def _package(exported: list[tuple[str, list[str]]]) -> str:
    lines = [
        '"""The constructs that mirror the provider one to one.',
        "",
        "Written by ``scripts/generate_constructs.py``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    for module, names in exported:
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

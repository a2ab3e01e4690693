"""An export in Python, with the constructs."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.configuration.constructs import arguments_of
from prefect_iac.configuration.expressions import inputs_in, references_in
from prefect_iac.configuration.python import Code, call, expression, functions_in, quoted, statement
from prefect_iac.export.files import MARK, file_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.configuration.expressions import Reference
    from prefect_iac.export.configuration import Configuration, Configured
    from prefect_iac.export.secrets import Secret

__all__ = ["python_files"]

_ABOUT_SECRETS: Final = """\
# Secrets. While one of a block is empty, the block has no `data` of its own here, so that
# the block that is imported keeps what it has, and nothing is planned. A new block needs
# them all."""

_CDK: Final = frozenset({"App", "Fn", "Op", "TerraformStack", "TerraformVariable", "Token"})
"""What is the CDK's own."""

_STACK: Final = """\
app = App()
stack = TerraformStack(app, "prefect")
PrefectProvider(stack, "prefect")"""


_STEMS: Final = MappingProxyType({"prefect_block_schema": "schema", "prefect_block_type": "type"})
"""The types that are called otherwise than by their names: `block_type_x` may be a block."""


class _Statement(NamedTuple):
    """A statement or several, and what they call."""

    text: str
    functions: frozenset[str] = frozenset()


def python_files(configuration: Configuration, *, by_identity: bool, single: bool) -> dict[str, str]:
    """The texts by the name of their file: a module for each type of object with ``main.py``, or that alone.

    ``by_identity``: imports name the identity of their object, as Terraform can from 1.12 on, and not its import id.
    """
    bodies: dict[str, list[_Statement]] = {}
    stack = _Statement(_STACK, frozenset({"App", "TerraformStack", "PrefectProvider"}))
    end = _Statement("app.synth()")
    for secret in configuration.secrets:
        bodies.setdefault("inputs", [_Statement(_ABOUT_SECRETS)]).append(_variable(secret))
    uses: dict[str, set[tuple[str, str]]] = {}
    for one in configuration.objects:
        module = file_of(one.object.type)
        bodies.setdefault(module, []).append(_construct(one))
        uses.setdefault(module, set()).update(_used(one))
    if configuration.objects:
        bodies["imports"] = [_imports(configuration.objects, by_identity=by_identity)]
    if single:
        whole = [stack, *(one for body in bodies.values() for one in body), end]
        return {"main.py": _module(whole, [], "The objects of a Prefect workspace.")}
    files = {"stack.py": _module([stack], [], "The stack that all objects are in.")}
    for module, body in bodies.items():
        imported = [("stack", "stack"), *sorted(uses.get(module, ()))]
        files[f"{module}.py"] = _module(body, [one for one in imported if one[0] != module], _titled(module))
    modules = "\n".join(f"import {module}  # noqa: F401" for module in sorted(bodies))
    main = _module([end], [("stack", "app")], "All objects of the workspace.", above=modules)
    return {**files, "main.py": main}


def _titled(module: str) -> str:
    return f"{module.replace('_', ' ').capitalize()}."


def _module(
    statements: Sequence[_Statement], imported: Iterable[tuple[str, str]], title: str, above: str = ""
) -> str:
    """A module of these statements, with the imports that they need; ``imported`` are from its neighbours."""
    called = {name.partition(".")[0] for one in statements for name in one.functions}
    ours = {name for name in called - _CDK if name[0].isupper() or name == "literal"}
    sources = {"cdktn": called & _CDK, "prefect_constructs": ours}
    lines = [_import(source, sorted(names)) for source, names in sources.items() if names]
    by_module: dict[str, list[str]] = {}
    for module, name in imported:
        by_module.setdefault(module, []).append(name)
    own = [_import(module, sorted(names, key=_natural)) for module, names in sorted(by_module.items())]
    imports = "\n\n".join("\n".join(group) for group in (lines, [above] * bool(above) + own) if group)
    return (
        "\n\n".join(
            [f'"""{title} {MARK}"""', *([imports] if imports else []), *(one.text for one in statements)]
        )
        + "\n"
    )


def _natural(name: str) -> list[tuple[int, str]]:
    """In which order names come: numbers in them as numbers."""
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", name)]


def _import(source: str, names: Sequence[str]) -> str:
    line = f"from {source} import {', '.join(names)}"
    if len(line) <= 88:
        return line
    return "\n".join([f"from {source} import (", *(f"    {name}," for name in names), ")"])


# ---------------------------------------------------------------------- one object


def _name(type_: str, label: str) -> str:
    """What an object is called: no two types begin alike, and no input begins as a type."""
    return f"{_STEMS.get(type_) or type_.removeprefix('prefect_')}_{label}"


def _attribute(reference: Reference) -> str:
    return f"{_name(reference.type, reference.label)}.{reference.attribute}"


def _construct(one: Configured) -> _Statement:
    type_, label = one.object.type, one.object.label
    name = _name(type_, label)
    class_ = "".join(part.capitalize() for part in type_.removeprefix("prefect_").split("_"))
    given = arguments_of(type_, one.body, _attribute, lambda found: _name(found.type, found.label))
    return _stated(f"{name} = ", call(class_, ["stack", quoted(name)], given))


def _variable(secret: Secret) -> _Statement:
    given: dict[str, Code] = {"type": quoted(secret.type), "sensitive": "True"}
    given |= {} if secret.is_needed else {"default": '""'}
    given["description"] = expression(secret.about, _attribute)
    return _stated(f"{secret.name} = ", call("TerraformVariable", ["stack", quoted(secret.name)], given))


def _imports(objects: Iterable[Configured], *, by_identity: bool) -> _Statement:
    """All imports at once: for each that a resource is told of itself, the CDK asks terraform for its version."""
    blocks = [
        {
            "to": f"{one.object.type}.{_name(one.object.type, one.object.label)}",
            **({"identity": {"id": one.object.id}} if by_identity else {"id": one.object.id}),
        }
        for one in sorted(objects, key=lambda one: (one.object.type, one.object.label))
    ]
    code = call("stack.add_override", ['"import"', expression(blocks, _attribute)])
    return _Statement(f"# Once they are applied, these can go.\n{statement('', code)}")


def _stated(head: str, code: Code) -> _Statement:
    return _Statement(statement(head, code), frozenset(functions_in(code)))


def _used(one: Configured) -> set[tuple[str, str]]:
    """The names of other modules that an object needs, with their modules."""
    used = {(file_of(found.type), _name(found.type, found.label)) for found in references_in(one.body)}
    return used | {("inputs", name) for name in inputs_in(one.body)}

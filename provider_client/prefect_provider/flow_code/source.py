"""Reads a flow's name and parameters from its source, without importing or running it.

The source is parsed, never executed: names are followed to imports, constants and classes of the same file.
What cannot be told that way is left open and reported in ``warnings``.
"""

from __future__ import annotations

import ast
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.flow_code.scope import NotLiteralError, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FlowSource", "FlowSourceError", "default_flow_name", "read_flow"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_FLOW: Final = frozenset({"prefect.flow", "prefect.flows.flow", "prefect.main.flow"})
_BANNED: Final = frozenset("/%&><")


class FlowSource(NamedTuple):
    """What the source says of a flow.

    ``parameters_schema`` is the deployment's ``parameter_openapi_schema`` as Prefect's own tools would send
    it.
    """

    name: str
    parameters_schema: dict[str, Any]
    description: str | None
    warnings: list[str]


class FlowSourceError(ValueError):
    """The file is there, and has no such flow or cannot be parsed."""


def default_flow_name(entrypoint: str) -> str:
    """The name that a flow has unless its decorator names it: the function's, with ``-`` for ``_``.

    Of ``path/to/flow.py:decorated_fn`` it is ``decorated-fn``.
    """
    return _parts(entrypoint)[1].rsplit(".", 1)[-1].replace("_", "-")


def read_flow(entrypoint: str, base: Path) -> FlowSource | None:
    """Read the flow that an entrypoint names; ``None`` when its file does not exist.

    The entrypoint is ``path/to/flow.py:fn``, ``package.module:fn``, ``package.module.fn``, or any of these
    with ``Class.method`` for the function. Paths and packages are looked for in ``base``, packages also in
    ``base/src``.

    :raises FlowSourceError: the file cannot be read or parsed, or has no such function.
    """
    place, name = _parts(entrypoint)
    file = _file(place, base)
    if file is None:
        return None
    try:
        tree = ast.parse(file.read_bytes(), filename=str(file))
    except SyntaxError as error:
        msg = f"cannot read the flow {name} from {file}: line {error.lineno}: {error.msg}"
        raise FlowSourceError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"cannot read the flow {name} from {file}: {error}"
        raise FlowSourceError(msg) from error
    function, owner = _function(tree, name, file)
    scope = Scope(tree)
    warnings: list[str] = []
    arguments = _flow_arguments(function, scope, warnings)
    docstring = ast.get_docstring(function)

    # It is the one part that needs pydantic.
    from prefect_provider.flow_code.parameters import parameters_schema

    is_static = owner is None or _is_static(function)
    schema = parameters_schema(function, scope, docstring, warnings, skip_first=not is_static)
    return FlowSource(
        _name(function, arguments, scope, warnings),
        schema,
        _description(arguments, docstring, scope),
        [f"{file.name}: {warning}" for warning in warnings],
    )


def _parts(entrypoint: str) -> tuple[str, str]:
    """Where the source is, and the dotted name in it; the last colon counts, another may be a drive's."""
    place, colon, name = entrypoint.rpartition(":")
    if not colon:
        place, _, name = entrypoint.rpartition(".")
    return place, name


def _file(place: str, base: Path) -> Path | None:
    direct = base / place
    if place.endswith(".py") or direct.is_file():
        return direct if direct.is_file() else None
    steps = place.split(".")
    for root in (base, base / "src"):
        for candidate in (root.joinpath(*steps).with_suffix(".py"), root.joinpath(*steps, "__init__.py")):
            if candidate.is_file():
                return candidate
    return None


def _function(tree: ast.Module, name: str, file: Path) -> tuple[Function, ast.ClassDef | None]:
    *classes, last = name.split(".")
    body: list[ast.stmt] = tree.body
    owner: ast.ClassDef | None = None
    for step in classes:
        owner = next((node for node in _statements(body) if _is_class(node, step)), None)
        if owner is None:
            msg = (
                f"{file} has no class {step}, which the entrypoint names; it is to be <file>:<Class>.<method>"
            )
            raise FlowSourceError(msg)
        body = owner.body
    # The last definition of a name is the one that counts.
    found = [node for node in _statements(body) if isinstance(node, Function) and node.name == last]
    if not found:
        names = [node.name for node in _statements(body) if isinstance(node, Function)]
        known = f"it has {', '.join(names)}" if names else "it has no functions"
        msg = f"{file} has no function {last}, which the entrypoint names; {known}"
        raise FlowSourceError(msg)
    return found[-1], owner


def _statements(body: list[ast.stmt]) -> Iterator[Any]:
    """The statements of a block and of the blocks under if, try and with, in their order."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for name in ("body", "handlers", "orelse", "finalbody"):
                for part in getattr(node, name, ()):
                    yield from _statements(part.body if isinstance(part, ast.ExceptHandler) else [part])


def _is_class(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name


def _is_static(function: Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)


def _flow_arguments(function: Function, scope: Scope, warnings: list[str]) -> dict[str, ast.expr]:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if scope.dotted(called) not in _FLOW:
            continue
        if not isinstance(decorator, ast.Call):
            return {}
        if any(keyword.arg is None for keyword in decorator.keywords):
            warnings.append(f"line {decorator.lineno}: arguments of @flow given with ** are not read")
        return {keyword.arg: keyword.value for keyword in decorator.keywords if keyword.arg is not None}
    warnings.append(
        f"line {function.lineno}: {function.name} has no decorator that is known to be Prefect's flow; "
        "its own name is taken"
    )
    return {}


def _name(function: Function, arguments: dict[str, ast.expr], scope: Scope, warnings: list[str]) -> str:
    fallback = function.name.replace("_", "-")
    node = arguments.get("name")
    if node is None:
        return fallback
    try:
        name = scope.literal(node)
    except NotLiteralError as error:
        warnings.append(
            f"line {node.lineno}: the name is known only when the code runs ({error}), so it is taken for "
            f'"{fallback}"; write it as text, or give the deployment its flow'
        )
        return fallback
    if name is None:
        return fallback
    if not isinstance(name, str) or not name or _BANNED & set(name):
        warnings.append(f"line {node.lineno}: {name!r} cannot be the name of a flow; {fallback!r} is taken")
        return fallback
    return name


def _description(arguments: dict[str, ast.expr], docstring: str | None, scope: Scope) -> str | None:
    node = arguments.get("description")
    if node is not None:
        try:
            description = scope.literal(node)
        except NotLiteralError:
            return None
        if isinstance(description, str) and description:
            return description
    return cleandoc(docstring) if docstring else None

"""Reads a flow's name and parameters from its source, without importing or running it.

The source is parsed, never executed: names are followed to imports, constants and classes of the same file.
What cannot be told that way is left open and reported in ``warnings``.
"""

from __future__ import annotations

import ast
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.flow_code.code import FlowCode, FlowSourceError, entrypoint_parts, find_code
from prefect_provider.flow_code.scope import NotLiteralError, Scope

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_provider.flow_code.code import Function

__all__ = ["FlowSource", "FlowSourceError", "default_flow_name", "read_flow", "read_flow_name"]

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
    version: str | None
    """The flow's own, or the MD5 sum of its file, as Prefect has it; ``None`` where only the code's run tells it."""
    warnings: list[str]


def default_flow_name(entrypoint: str) -> str:
    """The name that a flow has unless its decorator names it: the function's, with ``-`` for ``_``.

    Of ``path/to/flow.py:decorated_fn`` it is ``decorated-fn``.
    """
    return _default_name(entrypoint_parts(entrypoint)[1])


def read_flow_name(entrypoint: str, base: Path) -> str | None:
    """The name of the flow that an entrypoint names; ``None`` when its file does not exist.

    It is found as :func:`read_flow` finds it, without the time that schemas take. Where the code does not say it, it is
    :func:`default_flow_name`.

    :raises FlowSourceError: the file has no such function.
    """
    code = find_code(entrypoint, base)
    return None if code is None else _name(code, entrypoint, _flow_arguments(code))


def read_flow(entrypoint: str, base: Path) -> FlowSource | None:
    """Read the flow that an entrypoint names; ``None`` when its file does not exist.

    The entrypoint is ``path/to/flow.py:fn``, ``package.module:fn``, ``package.module.fn``, or any of these
    with ``Class.method`` for the function. Paths and packages are looked for in ``base``, packages also in
    ``base/src``. Whatever cannot be read of the code is left open.

    :raises FlowSourceError: the file has no such function.
    """
    code = find_code(entrypoint, base)
    if code is None:
        return None
    docstring = None if code.function is None else ast.get_docstring(code.function)

    # It is the one part that needs pydantic.
    from prefect_provider.flow_code.parameters import open_schema, parameters_schema

    if code.function is None:
        code.warnings.append("the parameters are left open")
        schema = open_schema()
    else:
        skip = code.owner is not None and not _is_static(code.function)
        schema = parameters_schema(code.function, code.scope, docstring, code.warnings, skip_first=skip)
    arguments = _flow_arguments(code)
    return FlowSource(
        _name(code, entrypoint, arguments),
        schema,
        _description(arguments or {}, docstring, code.scope),
        _version(arguments or {}, code),
        [f"{code.file.name}: {warning}" for warning in code.warnings],
    )


def _default_name(name: str) -> str:
    return name.rsplit(".", 1)[-1].replace("_", "-")


def _is_static(function: Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)


def _flow_arguments(code: FlowCode) -> dict[str, ast.expr] | None:
    """The named arguments of what makes the function a flow; ``None`` if that is not known."""
    calls = [one for one in (_decorator(code), _wrapping(code)) if one is not None]
    keywords = [keyword for call in calls if isinstance(call, ast.Call) for keyword in call.keywords]
    unread = next((keyword for keyword in keywords if keyword.arg is None), None)
    if unread is not None:
        code.warnings.append(f"line {unread.value.lineno}: arguments of @flow given with ** are not read")
    return {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None} if calls else None


def _decorator(code: FlowCode) -> ast.expr | None:
    for decorator in code.function.decorator_list if code.function is not None else ():
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if code.scope.dotted(called) in _FLOW:
            return decorator
    return None


def _wrapping(code: FlowCode) -> ast.Call | None:
    """The call ``flow(fn, ...)`` or ``fn.with_options(...)``."""
    call = code.wrapping
    if call is None:
        return None
    changes = isinstance(call.func, ast.Attribute) and call.func.attr == "with_options"
    return call if changes or code.scope.dotted(call.func) in _FLOW else None


def _name(code: FlowCode, entrypoint: str, arguments: dict[str, ast.expr] | None) -> str:
    function = code.function
    known = function is not None and (code.wrapping is None or arguments is not None)
    fallback = (
        _default_name(function.name) if function is not None and known else default_flow_name(entrypoint)
    )
    if arguments is None:
        if function is not None:
            code.warnings.append(
                f"line {function.lineno}: {function.name} has no decorator that is known to be Prefect's flow; "
                "its own name is taken"
            )
        return fallback
    node = arguments.get("name")
    if node is None:
        return fallback
    try:
        name = code.scope.literal(node)
    except NotLiteralError as error:
        code.warnings.append(
            f"line {node.lineno}: the name is known only when the code runs ({error}), so it is taken for "
            f'"{fallback}"; write it as text, or give the deployment its flow'
        )
        return fallback
    if name is None:
        return fallback
    if not isinstance(name, str) or not name or _BANNED & set(name) or not name.isprintable():
        code.warnings.append(
            f"line {node.lineno}: {name!r} cannot be the name of a flow; {fallback!r} is taken"
        )
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


def _version(arguments: dict[str, ast.expr], code: FlowCode) -> str | None:
    node = arguments.get("version")
    if node is not None:
        try:
            version = code.scope.literal(node)
        except NotLiteralError as error:
            code.warnings.append(
                f"line {node.lineno}: the version is known only when the code runs ({error})"
            )
            return None
        if isinstance(version, str) and version:
            return version
    from hashlib import md5

    try:
        return md5(code.file.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return None

"""Finds the function of a flow in its file, by parsing it; nothing is imported or run.

A file may be written for a newer Python than this one, in an encoding that it does not say, or be half written. What
can be read of it is; the rest is left open and said in ``warnings``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from prefect_provider.flow_code.scope import Scope, statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FlowCode", "FlowSourceError", "Function", "entrypoint_parts", "find_code"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_LARGEST: Final = 5_000_000
"""Bytes. No file that a person wrote is larger, and parsing takes a hundred times its size in memory."""

_UNPARSABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser raises: also for null bytes, and for an expression that is nested too deeply."""

_STATEMENT = re.compile(r"[^\s#)\]}]")
_CONTINUES = re.compile(r"(else|elif|except|finally)\b")
_DEFINITION = re.compile(r"(async\s+def|def|class)\b")
_LONGEST_HEADER: Final = 200
"""Lines of a function before its body."""


class FlowSourceError(ValueError):
    """The file is there and has no such flow, or one whose definition cannot be read.

    In the second case the parser's error is the cause (``__cause__``); the file may be for another Python than this.
    """


class FlowCode(NamedTuple):
    """What a file says of the flow that an entrypoint names.

    ``function`` is ``None`` where it cannot be read, for example because it is imported from another file. ``owner`` is
    the class that it is a method of. ``wrapping`` is the call that makes the flow of it, where that is no decorator.
    """

    file: Path
    function: Function | None
    owner: ast.ClassDef | None
    wrapping: ast.Call | None
    scope: Scope
    warnings: list[str]


def entrypoint_parts(entrypoint: str) -> tuple[str, str]:
    """Where the source is, and the dotted name in it; the last colon counts, another may be a drive's."""
    place, colon, name = entrypoint.rpartition(":")
    if not colon:
        place, _, name = entrypoint.rpartition(".")
    return place, name


def find_code(entrypoint: str, base: Path) -> FlowCode | None:
    """The code of the flow that an entrypoint names; ``None`` when its file does not exist.

    :raises FlowSourceError: the file has nothing of that name, or its definition is cut off or misspelt.
    """
    place, name = entrypoint_parts(entrypoint)
    try:
        file = _file(place, base) if place else None
    except (OSError, ValueError):
        return None  # no file can be called so
    if file is None:
        return None
    try:
        if file.stat().st_size > _LARGEST:
            return _open(file, f"it is larger than {_LARGEST // 1_000_000} MB, so it is not read")
        source = file.read_bytes()
    except OSError as error:
        return _open(file, f"it cannot be read: {error.strerror or error}")
    try:
        tree, warnings = _parsed(source), []
    except _UNPARSABLE as error:
        text = source.decode(errors="replace").replace("\0", "")
        tree, warnings = _salvaged(text, name), [_said(error)]
        first = name.partition(".")[0]
        definition = re.search(rf"^(async\s+)?def\s+{re.escape(first)}\b", text, re.MULTILINE)
        if _bound(tree.body, first) is None and definition is not None and not _is_too_deep(error):
            msg = f"cannot read the flow {name} from {file}: {_said(error, short=True)}"
            raise FlowSourceError(msg) from error
        if _bound(tree.body, first) is None:
            return _open(file, *warnings)
    scope = Scope(tree)
    return _found(tree, name, file, scope, warnings)


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


def _open(file: Path, *warnings: str) -> FlowCode:
    """Nothing is known of the flow."""
    return FlowCode(file, None, None, None, Scope(ast.Module([], [])), list(warnings))


def _parsed(source: str | bytes) -> ast.Module:
    from warnings import catch_warnings, simplefilter

    with catch_warnings():
        simplefilter("ignore")  # of the file's own escapes and comparisons
        return ast.parse(source)


def _is_too_deep(error: BaseException) -> bool:
    """Whether the code may be right, and is more than the parser can hold."""
    return not isinstance(error, SyntaxError) or "nested" in error.msg


def _said(error: BaseException, *, short: bool = False) -> str:
    said = str(error)
    if isinstance(error, SyntaxError):
        said = f"line {error.lineno}: {error.msg}" if error.lineno else error.msg
    elif isinstance(error, (RecursionError, MemoryError)):
        said = "it is nested too deeply"
    return said if short else f"{said}; only what this Python can read is read"


def _salvaged(text: str, name: str) -> ast.Module:
    """The statements that can be parsed one by one, and of the function that is sought at least its head."""
    tree = ast.Module([], [])
    for first, lines in _chunks(text.splitlines()):
        for source in ("\n".join(lines), _head(lines, name)):
            try:
                body = _parsed(source).body
            except _UNPARSABLE:
                continue
            for node in body:
                ast.increment_lineno(node, first)
            tree.body += body
            break
    return tree


def _chunks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each statement at the left margin, with the index of the first one."""
    first, decorated = 0, False
    for index, line in enumerate(lines):
        if not _STATEMENT.match(line) or _CONTINUES.match(line):
            continue
        if not decorated and index > first:
            yield first, lines[first:index]
            first = index
        decorated = line.startswith("@") or (decorated and not _DEFINITION.match(line))
    yield first, lines[first:]


def _head(lines: list[str], name: str) -> str:
    """The decorators and the signature of a function, with an empty body; nothing parsable for another one."""
    start = re.compile(rf"(async\s+)?def\s+{re.escape(name)}\b")
    begin = next((index for index, line in enumerate(lines) if start.match(line)), None)
    for end in range(begin, min(begin + _LONGEST_HEADER, len(lines))) if begin is not None else ():
        line = "\n".join(lines[: end + 1])
        head = f"{line}\n    ..."
        for source in (head, _without_type_parameters(head, name), _without_type_parameters(line, name)):
            try:
                _parsed(source)
            except _UNPARSABLE:
                continue
            return source
    return "("


def _without_type_parameters(head: str, name: str) -> str:
    """The head of ``def fn[T](a: T)``, which Pythons before 3.12 do not read, as ``def fn(a: T)``."""
    start = re.search(rf"^(async\s+)?def\s+{re.escape(name)}\s*\[", head, re.MULTILINE)
    depth = 0
    for end in range(start.end() - 1, len(head)) if start is not None else ():
        depth += {"[": 1, "]": -1}.get(head[end], 0)
        if depth == 0 and start is not None:
            return head[: start.end() - 1] + head[end + 1 :]
    return "("


def _found(tree: ast.Module, name: str, file: Path, scope: Scope, warnings: list[str]) -> FlowCode:
    *classes, last = name.split(".")
    body: list[ast.stmt] = tree.body
    owner: ast.ClassDef | None = None
    wrapping: ast.Call | None = None
    for step in classes:
        found = _bound(body, step)
        if isinstance(found, ast.ClassDef):
            owner, body = found, found.body
        elif found is None and not _is_open(body):
            raise FlowSourceError(_missing(file, step, "class", hint="it is to be <file>:<Class>.<method>"))
        else:
            return _open(file, *warnings, f"{step} is not a class of this file")
    found = _bound(body, last)
    if isinstance(found, ast.Assign | ast.AnnAssign) and isinstance(found.value, ast.Call):
        wrapping = found.value
        inner = _wrapped(wrapping)
        found = _bound(body, inner.id) if isinstance(inner, ast.Name) else found
    if isinstance(found, Function):
        return FlowCode(file, found, owner, wrapping, scope, warnings)
    if found is None and not _is_open(body) and not (owner is not None and owner.bases):
        names = [node.name for node in statements(body) if isinstance(node, Function)]
        known = f"it has {', '.join(names)}" if names else "it has no functions"
        raise FlowSourceError(_missing(file, last, "function", hint=known))
    unread = FlowCode(file, None, owner, wrapping, scope, warnings)
    warnings.append(f"{last} is not a function of this file")
    return unread


def _wrapped(call: ast.Call) -> ast.expr | None:
    """What ``flow(fn, ...)`` and ``fn.with_options(...)`` are about."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "with_options":
        return call.func.value
    return call.args[0] if call.args else None


def _missing(file: Path, name: str, what: str, *, hint: str = "") -> str:
    kind = what or "function"
    return f"{file} has no {kind} {name}, which the entrypoint names" + (f"; {hint}" if hint else "")


def _bound(body: list[ast.stmt], name: str) -> ast.stmt | None:
    """The statement that gives a name its meaning; the last one counts, as when the code runs."""
    found: ast.stmt | None = None
    for node in statements(body):
        if name in _names(node):
            found = node
    return found


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
        case ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name for alias in aliases]
        case ast.Assign(targets=targets):
            return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return [name]
    return []


def _is_open(body: list[ast.stmt]) -> bool:
    """Whether a block may have names that it does not show."""
    return any(
        "*" in _names(node) or (isinstance(node, ast.FunctionDef) and node.name == "__getattr__")
        for node in statements(body)
    )

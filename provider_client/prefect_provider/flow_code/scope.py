"""The names of one Python source file: where they were imported from, its constants and its classes."""

from __future__ import annotations

import ast
import builtins
import operator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["NotLiteralError", "Scope", "shown", "statements"]

_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.FloorDiv: operator.floordiv,
        ast.BitOr: operator.or_,
    }
)
_MOST_STEPS: Final = 10_000
"""Parts of one value; constants made of constants grow without end."""
_LONGEST: Final = 100_000
"""Elements or characters of one value."""
_SHOWN: Final = 60


class NotLiteralError(Exception):
    """An expression has no value that can be told without running it; the text says which."""


class Scope:
    """The module-level names of a file. Those that several branches define are those of the last one."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self.constants: dict[str, ast.expr] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self._resolving: set[str] = set()
        self._steps = 0
        self._read(tree.body)

    def seen(
        self, imports: dict[str, str], constants: dict[str, ast.expr], classes: dict[str, ast.ClassDef]
    ) -> Scope:
        """The names as they are seen from another place of the file."""
        scope = Scope(ast.Module([], []))
        scope.imports, scope.constants, scope.classes = imports, constants, classes
        return scope

    def _read(self, body: list[ast.stmt]) -> None:
        for node in statements(body):
            match node:
                case ast.Import():
                    for alias in node.names:
                        name = alias.asname or alias.name.partition(".")[0]
                        self.imports[name] = alias.name if alias.asname else name
                case ast.ImportFrom(module=str(module), level=0):
                    for alias in node.names:
                        self.imports[alias.asname or alias.name] = f"{module}.{alias.name}"
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.constants[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self.constants[name] = value
                case ast.ClassDef(name=name):
                    self.classes[name] = node

    def dotted(self, node: ast.expr) -> str | None:
        """The full dotted name of a name or attribute.

        ``fl`` is ``prefect.flow`` after ``from prefect import flow as fl``.

        A name that nothing in the file defines is one of Python's own, ``builtins.int``.
        """
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([self._origin(node.id), *reversed(attributes)])

    def literal(self, node: ast.expr) -> Any:
        """The value of an expression of literals, constants of the file, and arithmetic on them.

        A member of an enumeration is its value.

        :raises NotLiteralError: it calls something, uses a name that is no constant, or is too large.
        """
        self._steps = 0
        try:
            return self._value(node)
        except (TypeError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
            raise NotLiteralError(shown(node)) from error

    def _origin(self, name: str) -> str:
        if name in self.imports:
            return self.imports[name]
        if name in self.classes or name in self.constants:
            return name
        return f"builtins.{name}" if hasattr(builtins, name) else name

    def _value(self, node: ast.expr) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case for each form
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise NotLiteralError(shown(node))
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Tuple(elts=elements):
                return tuple(self._value(element) for element in elements)
            case ast.List(elts=elements):
                return [self._value(element) for element in elements]
            case ast.Set(elts=elements):
                return {self._value(element) for element in elements}
            case ast.Dict(keys=keys, values=values) if None not in keys:
                pairs = zip((key for key in keys if key is not None), values, strict=True)
                return {self._value(key): self._value(value) for key, value in pairs}
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._applied(node, operator.neg, operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._applied(node, operator.not_, operand)
            case ast.BinOp(left=left, right=right, op=op) if type(op) in _OPERATORS:
                return self._applied(node, _OPERATORS[type(op)], left, right)
            case ast.JoinedStr(values=values):
                return "".join(self._formatted(value) for value in values)
            case ast.Name(id=name) if name in self.constants:
                return self._constant(name)
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in self.classes:
                return self._member(name, member)
            case ast.Attribute(value=ast.Attribute() as inner, attr="value"):
                return self._value(inner)
            case ast.Call(func=ast.Name(id="dict" | "list" | "set" | "tuple" as name), args=[], keywords=[]):
                return {"dict": dict, "list": list, "set": set, "tuple": tuple}[name]()
        raise NotLiteralError(shown(node))

    def _applied(self, node: ast.expr, operation: Callable[..., Any], *operands: ast.expr) -> Any:
        values = [self._value(operand) for operand in operands]
        if operation is operator.mul and any(hasattr(one, "__len__") for one in values):
            sizes = [len(one) if hasattr(one, "__len__") else abs(int(one)) for one in values]
            if sizes[0] * sizes[1] > _LONGEST:
                raise NotLiteralError(shown(node))
        result = operation(*values)
        if hasattr(result, "__len__") and len(result) > _LONGEST:
            raise NotLiteralError(shown(node))
        return result

    def _formatted(self, node: ast.expr) -> str:
        if isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
            return str(self._value(node.value))
        if isinstance(node, ast.Constant):
            return str(node.value)
        raise NotLiteralError(shown(node))

    def _constant(self, name: str) -> Any:
        if name in self._resolving:
            raise NotLiteralError(name)
        self._resolving.add(name)
        try:
            return self._value(self.constants[name])
        finally:
            self._resolving.discard(name)

    def _member(self, class_name: str, member: str) -> Any:
        for node in self.classes[class_name].body:
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == member for target in node.targets
            ):
                return self._value(node.value)
        msg = f"{class_name}.{member}"
        raise NotLiteralError(msg)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and of the blocks under if, try, with, loops and match, in their order.

    What is inside functions and classes is theirs.
    """
    stack = body[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        inner: list[ast.stmt] = []
        for part in ("body", "handlers", "cases", "orelse", "finalbody"):
            for one in getattr(node, part, ()):
                inner += [one] if isinstance(one, ast.stmt) else one.body
        stack += inner[::-1]


def shown(node: ast.AST) -> str:
    """An expression as a message shows it."""
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError, MemoryError):
        return "a long expression"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."

"""The names of one Python source file: where they were imported from, its constants and its classes."""

from __future__ import annotations

import ast
import builtins
import operator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NotLiteralError", "Scope"]

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
_MAX_REPEATED = 10_000


class NotLiteralError(Exception):
    """An expression has no value that can be told without running it; the text says which."""


class Scope:
    """The module-level names of a file. Those that several branches define are those of the last one."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self.constants: dict[str, ast.expr] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self._resolving: set[str] = set()
        self._read(tree.body)

    def _read(self, body: list[ast.stmt]) -> None:  # noqa: C901 - one case for each form
        for node in body:
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
                case ast.If() | ast.Try() | ast.With():
                    self._read(node.body)
                    for handler in getattr(node, "handlers", ()):
                        self._read(handler.body)
                    self._read(getattr(node, "orelse", []))
                    self._read(getattr(node, "finalbody", []))

    def dotted(self, node: ast.expr) -> str | None:
        """The full dotted name of a name or attribute.

        ``fl`` is ``prefect.flow`` after ``from prefect import flow as fl``.

        A name that nothing in the file defines is one of Python's own, ``builtins.int``.
        """
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        if node.id in self.imports:
            return self.imports[node.id]
        if node.id in self.classes or node.id in self.constants:
            return node.id
        return f"builtins.{node.id}" if hasattr(builtins, node.id) else node.id

    def literal(self, node: ast.expr) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case for each form
        """The value of an expression of literals, constants of the file, and arithmetic on them.

        A member of an enumeration is its value.

        :raises NotLiteralError: it calls something, or uses a name that is no constant.
        """
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Tuple(elts=elements):
                return tuple(self.literal(element) for element in elements)
            case ast.List(elts=elements):
                return [self.literal(element) for element in elements]
            case ast.Set(elts=elements):
                return {self.literal(element) for element in elements}
            case ast.Dict(keys=keys, values=values) if None not in keys:
                pairs = zip((key for key in keys if key is not None), values, strict=True)
                return {self.literal(key): self.literal(value) for key, value in pairs}
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
                return self.literal(inner)
            case ast.Call(func=ast.Name(id="dict" | "list" | "set" | "tuple" as name), args=[], keywords=[]):
                return {"dict": dict, "list": list, "set": set, "tuple": tuple}[name]()
        raise NotLiteralError(ast.unparse(node))

    def _applied(self, node: ast.expr, operation: Callable[..., Any], *operands: ast.expr) -> Any:
        values = [self.literal(operand) for operand in operands]
        if operation is operator.mul and any(
            isinstance(one, int) and abs(one) > _MAX_REPEATED for one in values
        ):
            numbers = all(isinstance(one, (int, float)) for one in values)
            if not numbers:
                raise NotLiteralError(ast.unparse(node))
        try:
            return operation(*values)
        except (TypeError, ArithmeticError) as error:
            raise NotLiteralError(ast.unparse(node)) from error

    def _formatted(self, node: ast.expr) -> str:
        if isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
            return str(self.literal(node.value))
        if isinstance(node, ast.Constant):
            return str(node.value)
        raise NotLiteralError(ast.unparse(node))

    def _constant(self, name: str) -> Any:
        if name in self._resolving:
            raise NotLiteralError(name)
        self._resolving.add(name)
        try:
            return self.literal(self.constants[name])
        finally:
            self._resolving.discard(name)

    def _member(self, class_name: str, member: str) -> Any:
        for node in self.classes[class_name].body:
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == member for target in node.targets
            ):
                return self.literal(node.value)
        msg = f"{class_name}.{member}"
        raise NotLiteralError(msg)

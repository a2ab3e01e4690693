"""Builds the types that annotations name, from syntax and an allow-list of modules; no user code runs."""

from __future__ import annotations

import ast
import dataclasses
import enum
from functools import reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Optional, Union

from pydantic import BaseModel, Field
from pydantic.errors import PydanticUserError

from prefect_provider.flow_code.scope import NotLiteralError, Scope, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

__all__ = ["AnnotationTypes", "UnresolvedError"]

_MODULES: Final = frozenset(
    {
        *(
            "builtins",
            "collections",
            "collections.abc",
            "datetime",
            "decimal",
            "enum",
            "ipaddress",
            "pathlib",
        ),
        *("pydantic", "pydantic.networks", "pydantic.types", "typing", "typing_extensions", "uuid"),
    }
)
"""What annotations may name. Importing these has no effects, and pydantic writes schemas for their types."""

_FIELDS: Final = frozenset({"pydantic.Field", "pydantic.fields.Field"})
_ENUMS: Final = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum"})


class UnresolvedError(Exception):
    """An annotation, or a part of it, names something unknown; the text says what."""


class AnnotationTypes:
    """The types that one file's annotations name. Classes of the file are built once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._built: dict[str, Any] = {}
        self._building: set[str] = set()

    def resolve(self, node: ast.expr) -> Any:
        """The type that an annotation means.

        :raises UnresolvedError: some name in it comes from elsewhere.
        """
        return self._whatever(node, self._resolve)

    def _resolve(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=None):
                return None
            case ast.Constant(value=str(text)):
                return self._quoted(text)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return Union[self.resolve(left), self.resolve(right)]  # noqa: UP007 - of values, not of syntax
            case ast.Subscript(value=base, slice=index):
                return self._subscript(base, index)
            case ast.Name(id=name) if name in self.scope.classes and name not in self.scope.imports:
                return self._class(name)
            case ast.Name(id=name) if name in self.scope.constants:
                return self._alias(name)
            case ast.Name() | ast.Attribute():
                return self._named(node)
        raise UnresolvedError(shown(node))

    def field(self, node: ast.expr) -> FieldInfo | None:
        """The pydantic field that a default calls for, or ``None`` when it is not ``Field(...)``.

        :raises UnresolvedError: an argument is not literal.
        """
        if not isinstance(node, ast.Call) or self.scope.dotted(node.func) not in _FIELDS:
            return None
        try:
            positional = [self.scope.literal(argument) for argument in node.args]
            named = {one.arg: self.scope.literal(one.value) for one in node.keywords if one.arg is not None}
        except NotLiteralError as error:
            raise UnresolvedError(str(error)) from error
        try:
            info: FieldInfo = Field(*positional, **named)
        except (TypeError, ValueError, PydanticUserError) as error:
            raise UnresolvedError(shown(node)) from error
        return info

    def value(self, node: ast.expr) -> Any:
        """The value of a default: a literal, or an object of a model or dataclass of the file.

        :raises UnresolvedError: it is worked out when the code runs.
        """
        return self._whatever(node, self._value)

    def _whatever(self, node: ast.expr, read: Callable[[ast.expr], Any]) -> Any:
        """What is read of an expression, whatever typing, enum, dataclasses and pydantic have against it."""
        try:
            return read(node)
        except UnresolvedError:
            raise
        except Exception as error:
            raise UnresolvedError(shown(node)) from error

    def _value(self, node: ast.expr) -> Any:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self.scope.classes
        ):
            made = self._class(node.func.id)
            named = {one.arg: self.value(one.value) for one in node.keywords if one.arg is not None}
            if len(named) == len(node.keywords) and (
                issubclass(made, BaseModel) or dataclasses.is_dataclass(made)
            ):
                try:
                    return made(*(self.value(argument) for argument in node.args), **named)
                except (TypeError, ValueError) as error:
                    raise UnresolvedError(shown(node)) from error
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in self.scope.classes
        ):
            owner = self._class(node.value.id)
            if isinstance(owner, enum.EnumType) and node.attr in owner.__members__:
                return owner.__members__[node.attr]
        try:
            return self.scope.literal(node)
        except NotLiteralError as error:
            raise UnresolvedError(str(error)) from error

    def _quoted(self, text: str) -> Any:
        try:
            return self.resolve(ast.parse(text, mode="eval").body)
        except SyntaxError as error:
            raise UnresolvedError(repr(text)) from error

    def _named(self, node: ast.expr) -> Any:
        dotted = self.scope.dotted(node)
        module, _, name = (dotted or "").rpartition(".")
        if module not in _MODULES:
            raise UnresolvedError(shown(node))
        found = getattr(import_module(module), name, None)
        if found is None or (module == "builtins" and not isinstance(found, type)):
            raise UnresolvedError(shown(node))
        return found

    def _subscript(self, base: ast.expr, index: ast.expr) -> Any:
        elements = index.elts if isinstance(index, ast.Tuple) else [index]
        generic = self.resolve(base)
        if generic is Literal:
            return Literal[tuple(self._literal(element) for element in elements)]
        if generic is Annotated:
            metadata = [info for element in elements[1:] if (info := self._metadata(element)) is not None]
            type_ = self.resolve(elements[0])
            return Annotated[(type_, *metadata)] if metadata else type_
        if generic is Union:
            return reduce(or_, (self._argument(element) or type(None) for element in elements))
        if generic is Optional:
            return Optional[self._argument(elements[0])]  # noqa: UP045 - of a value, not of syntax
        arguments = tuple(self._argument(element) for element in elements)
        try:
            return generic[arguments[0] if len(arguments) == 1 else arguments]
        except TypeError as error:
            raise UnresolvedError(shown(base)) from error

    def _argument(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and node.value is ...:
            return ...
        if isinstance(node, ast.List):
            return [self._argument(element) for element in node.elts]
        return self.resolve(node)

    def _literal(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = node.value.id
            if name in self.scope.classes:
                return getattr(self._class(name), node.attr)
        try:
            return self.scope.literal(node)
        except NotLiteralError as error:
            raise UnresolvedError(str(error)) from error

    def _metadata(self, node: ast.expr) -> Any:
        info = self.field(node)
        if info is not None:
            return info
        try:
            return self.scope.literal(node)
        except NotLiteralError:
            return None

    def _alias(self, name: str) -> Any:
        if name in self._building:
            raise UnresolvedError(name)
        self._building.add(name)
        try:
            return self.resolve(self.scope.constants[name])
        finally:
            self._building.discard(name)

    def _class(self, name: str) -> Any:
        if name in self._built:
            return self._built[name]
        if name in self._building:
            raise UnresolvedError(name)  # it refers to itself
        self._building.add(name)
        try:
            self._built[name] = self._build(self.scope.classes[name])
        finally:
            self._building.discard(name)
        return self._built[name]

    def _build(self, node: ast.ClassDef) -> Any:
        bases = [self._base(base) for base in node.bases]
        enumerations = [base for base in bases if isinstance(base, enum.EnumType)]
        if enumerations:
            return self._enumeration(
                node, [base for base in bases if base not in enumerations], enumerations[-1]
            )
        models = [base for base in bases if isinstance(base, type) and issubclass(base, BaseModel)]
        namespace: dict[str, Any] = {"__module__": __name__, "__qualname__": node.name}
        docstring = ast.get_docstring(node)
        if docstring is not None:
            namespace["__doc__"] = docstring
        if models:
            self._attributes(node, namespace)
            metaclass: Any = type(models[0])
            return metaclass(node.name, (models[0],), namespace)
        decorator = next((one for one in node.decorator_list if self._is_dataclass(one)), None)
        if decorator is not None:
            return self._dataclass(node, decorator, bases, namespace)
        if any(base is None for base in bases):
            raise UnresolvedError(node.name)
        return type(node.name, (), namespace)

    def _dataclass(
        self, node: ast.ClassDef, decorator: ast.expr, bases: list[Any], namespace: dict[str, Any]
    ) -> Any:
        if not all(isinstance(base, type) for base in bases):
            raise UnresolvedError(node.name)  # its fields come first
        keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
        options = {one.arg: self.scope.literal(one.value) for one in keywords if one.arg is not None}
        self._attributes(node, namespace)
        made: Any = type(node.name, tuple(bases), namespace)
        kept = {name: value for name, value in options.items() if name in ("init", "kw_only")}
        return dataclasses.dataclass(**kept)(made)

    def _base(self, node: ast.expr) -> Any:
        """A base class, or ``None`` when it comes from elsewhere."""
        try:
            return self.resolve(node)
        except UnresolvedError:
            return None

    def _is_dataclass(self, decorator: ast.expr) -> bool:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return self.scope.dotted(called) in ("dataclasses.dataclass", "pydantic.dataclasses.dataclass")

    def _attributes(self, node: ast.ClassDef, namespace: dict[str, Any]) -> None:
        annotations: dict[str, Any] = {}
        for statement in node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                    keywords_follow = self.scope.dotted(annotation) == "dataclasses.KW_ONLY"
                    annotations[name] = dataclasses.KW_ONLY if keywords_follow else self.resolve(annotation)
                    if value is not None:
                        namespace[name] = self._default(value)
                case ast.Assign(targets=[ast.Name(id="model_config")], value=value):
                    namespace["model_config"] = self._config(value)
        namespace["__annotations__"] = annotations

    def _config(self, node: ast.expr) -> dict[str, Any]:
        try:
            if isinstance(node, ast.Call):
                return {
                    one.arg: self.scope.literal(one.value) for one in node.keywords if one.arg is not None
                }
            config: dict[str, Any] = self.scope.literal(node)
        except NotLiteralError as error:
            raise UnresolvedError(str(error)) from error
        return config

    def _default(self, node: ast.expr) -> Any:
        info = self.field(node)
        if info is not None:
            return info
        if isinstance(node, ast.Call) and self.scope.dotted(node.func) == "dataclasses.field":
            named = {one.arg: one.value for one in node.keywords}
            made: dict[str, Any] = {}
            if "kw_only" in named:
                made["kw_only"] = self.scope.literal(named["kw_only"])
            if "default" in named:
                made["default"] = self._default(named["default"])
            elif "default_factory" in named:
                made["default_factory"] = _nothing
            return dataclasses.field(**made)
        return self.value(node)

    def _enumeration(self, node: ast.ClassDef, mixins: list[Any], base: enum.EnumType) -> Any:
        members: dict[str, Any] = {}
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                value = statement.value
                if isinstance(value, ast.Call) and self.scope.dotted(value.func) == "enum.auto":
                    members[statement.targets[0].id] = enum.auto()
                else:
                    members[statement.targets[0].id] = self._default(value)
        plain = [mixin for mixin in mixins if isinstance(mixin, type)]
        factory: Any = base
        found = factory(node.name, members, type=plain[0]) if plain else factory(node.name, members)
        found.__doc__ = ast.get_docstring(node)
        return found


def _nothing() -> None:
    """The default that is not known: pydantic leaves it out of the schema."""

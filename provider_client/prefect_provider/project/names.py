"""What the names of a program stand for where they are used: functions have names of their own, some change.

A name that is bound twice, or whose value is changed after it was made, stands for what only running the program tells.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.flow_code.scope import Scope

__all__ = ["Names"]

_CHANGING: Final = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse"}
    | {"setdefault", "sort", "update"}
)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class _Frame:
    """The names of the module, of a function, of a class, or of an expression that has some of its own."""

    def __init__(self) -> None:
        self.bound: Final[dict[str, list[ast.AST]]] = {}
        """What each binding gives: a value, a definition, or anything else of which no more is known."""
        self.imports: Final[dict[str, str]] = {}
        self.outer: Final[set[str]] = set()
        self.changed: Final[set[str]] = set()

    def only(self, name: str) -> ast.AST | None:
        """The one thing that a name stands for."""
        given = self.bound.get(name, [])
        return given[0] if len(given) == 1 and name not in self.changed else None


class Names:
    """The names of one file; ``scope`` are those of its module, as they are at its end."""

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self._scope: Final = scope
        self._module: Final = _Frame()
        self._frames: Final[dict[int, tuple[_Frame, ...]]] = {}
        self._seen: Final[dict[tuple[int, ...], Scope]] = {}
        self._changes: Final[list[tuple[str, tuple[_Frame, ...]]]] = []
        self._visit(tree)
        for name, frames in self._changes:
            frame = self._home(name, frames)
            if frame is not None:
                frame.changed.add(name)

    # ------------------------------------------------------------------ what they stand for

    def only(self, node: ast.Name) -> ast.AST | None:
        """What a name stands for: a definition, or an expression; ``None`` if that changes, or is not known."""
        frame = self._home(node.id, self._frames_of(node))
        return None if frame is None else frame.only(node.id)

    def every(self, node: ast.Name) -> list[ast.AST]:
        """All that a name stands for, one after the other."""
        frame = self._home(node.id, self._frames_of(node))
        return [] if frame is None else frame.bound[node.id]

    def changed(self) -> Iterator[ast.AST]:
        """The values that are changed after they were made."""
        for name, frames in self._changes:
            frame = self._home(name, frames)
            yield from () if frame is None else frame.bound[name]

    def at(self, node: ast.AST) -> Scope:
        """The names as an expression sees them."""
        frames = self._frames_of(node)
        key = tuple(map(id, frames))
        if key not in self._seen:
            self._seen[key] = self._seen_from(frames)
        return self._seen[key]

    def _seen_from(self, frames: tuple[_Frame, ...]) -> Scope:
        imports, constants = dict(self._scope.imports), dict(self._scope.constants)
        classes = dict(self._scope.classes)
        for frame in frames:
            if frame is not self._module:
                _forget(constants, frame.bound.keys() - frame.outer)
            for name in frame.bound.keys() - frame.outer:
                value = frame.only(name)
                if frame is not self._module or not _are_imports(frame.bound[name]):
                    imports.pop(name, None)
                if not isinstance(value, ast.ClassDef):
                    classes.pop(name, None)
                constants.pop(name, None)
                if isinstance(value, ast.expr):
                    constants[name] = value
                elif isinstance(value, ast.alias) and name in frame.imports:
                    imports[name] = frame.imports[name]
        return self._scope.seen(imports, constants, classes)

    def _frames_of(self, node: ast.AST) -> tuple[_Frame, ...]:
        return self._frames.get(id(node), (self._module,))

    @staticmethod
    def _home(name: str, frames: tuple[_Frame, ...]) -> _Frame | None:
        """Where a name is bound that is used inside of these."""
        found = (one for one in reversed(frames) if name in one.bound and name not in one.outer)
        return next(found, None)

    # ------------------------------------------------------------------ reading

    def _visit(self, tree: ast.Module) -> None:
        # Each part in its order; not by calling itself, as expressions may be deep.
        waiting: list[tuple[ast.AST, tuple[_Frame, ...]]] = [(tree, (self._module,))]
        while waiting:
            node, frames = waiting.pop()
            self._frames[id(node)] = frames
            self._bind(node, frames)
            inside, own = _inside(node)
            within = (*frames, own)
            children = [(one, within if id(one) in inside else frames) for one in ast.iter_child_nodes(node)]
            waiting += reversed(children)

    def _bind(self, node: ast.AST, frames: tuple[_Frame, ...]) -> None:  # noqa: C901, PLR0912 - a case a form
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._add(name, node, frames)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, frames)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, frames)
            case ast.AugAssign(target=target) | ast.NamedExpr(target=target):
                self._assign(target, None, frames)
            case ast.For(target=target) | ast.AsyncFor(target=target) | ast.comprehension(target=target):
                self._assign(target, None, frames)
            case ast.withitem(optional_vars=ast.expr() as target):
                self._assign(target, None, frames)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._assign(target, None, frames)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                self._add(name, node, frames)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                frames[-1].outer.update(names)
            case ast.Import(names=aliases):
                for alias in aliases:
                    name = alias.asname or alias.name.partition(".")[0]
                    frames[-1].imports[name] = alias.name if alias.asname else name
                    self._add(name, alias, frames)
            case ast.ImportFrom(module=str(module), level=0, names=aliases):
                for alias in aliases:
                    frames[-1].imports[alias.asname or alias.name] = f"{module}.{alias.name}"
                    self._add(alias.asname or alias.name, alias, frames)
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in _CHANGING:
                self._change(owner, frames)

    def _assign(self, target: ast.expr, value: ast.expr | None, frames: tuple[_Frame, ...]) -> None:
        match target:
            case ast.Name(id=name):
                self._add(name, value or target, frames, known=value is not None)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    self._assign(element, None, frames)
            case ast.Starred(value=inner):
                self._assign(inner, None, frames)
            case _:
                self._change(target, frames)

    @staticmethod
    def _add(name: str, what: ast.AST, frames: tuple[_Frame, ...], *, known: bool = True) -> None:
        # What is declared to be of the module is bound there; a module's names are not followed through functions.
        frame = frames[0] if name in frames[-1].outer else frames[-1]
        frame.bound.setdefault(name, []).append(what)
        if not known:
            frame.changed.add(name)

    def _change(self, target: ast.expr, frames: tuple[_Frame, ...]) -> None:
        """A part of what a name stands for is set: ``TAGS[0]``, ``deployment.tags``."""
        while isinstance(target, (ast.Attribute, ast.Subscript)):
            target = target.value
        if isinstance(target, ast.Name):
            self._changes.append((target.id, frames))


def _inside(node: ast.AST) -> tuple[frozenset[int], _Frame]:
    """The parts of a node that have names of their own, and these names as far as the node says them."""
    own = _Frame()
    inside: list[ast.AST] = []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        arguments = node.args
        listed = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        for one in (*listed, arguments.vararg, arguments.kwarg):
            if one is not None:
                own.bound.setdefault(one.arg, []).append(one)
        inside = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    elif isinstance(node, ast.ClassDef):
        inside = [*node.body]
    elif isinstance(node, _COMPREHENSIONS):
        inside = [*ast.iter_child_nodes(node)]
    return frozenset(map(id, inside)), own


def _forget(constants: dict[str, ast.expr], names: set[str]) -> None:
    """Take out what is made of names that mean something else from here on."""
    hidden = set(names)
    while True:
        made_of_them = {
            name
            for name, value in constants.items()
            if any(isinstance(part, ast.Name) and part.id in hidden for part in ast.walk(value))
        }
        if not made_of_them:
            return
        hidden |= made_of_them
        for name in made_of_them:
            del constants[name]


def _are_imports(bound: list[ast.AST]) -> bool:
    return all(isinstance(one, ast.alias) for one in bound)

"""Where Python code says that a flow's code lies, with `from_source`: the pull step that Prefect makes of it."""

from __future__ import annotations

import ast
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlparse

from prefect_provider.flow_code.scope import NotLiteralError, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Places", "source_step"]

_STEPS: Final = "prefect.deployments.steps"
_LOCAL: Final = ("", "file", "local")
_UNCHANGED: Final = frozenset({"absolute", "as_posix", "expanduser", "resolve"})
_PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "builtins.str", "os.fspath"})
_SAME: Final = frozenset({"os.path.abspath", "os.path.realpath"})
_HERE: Final = frozenset({"os.getcwd", "pathlib.Path.cwd"})


class Places:
    """Paths of the machine in the expressions of one file: made of `__file__`, or of the working directory.

    ``directory`` is where the program would run, ``place`` the file's path from there.
    """

    def __init__(self, scope: Scope, directory: FilePath, place: str) -> None:
        self._scope: Final = scope
        self.directory: Final = directory.resolve()
        self._file: Final = (directory / place).resolve()

    def of(self, node: ast.expr) -> FilePath | None:
        """The path that an expression is; ``None`` if it is none, or if it is just a text."""
        found = self._of(node, 0)
        return found if found != FilePath() else None

    def _of(self, node: ast.expr, depth: int) -> FilePath | None:
        if depth > 20:
            return None
        dotted = self._scope.dotted(node.func) if isinstance(node, ast.Call) else None
        match node:
            case ast.Name(id="__file__"):
                return self._file
            case ast.Name(id=name) if name in self._scope.constants:
                return self._of(self._scope.constants[name], depth + 1)
            case ast.Attribute(value=inner, attr="parent"):
                outer = self._of(inner, depth + 1)
                return outer and outer.parent
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                outer = self._of(left, depth + 1)
                text = self._text(right)
                return outer / text if outer and text is not None else None
            case ast.Call(args=[], keywords=[]) if dotted in _HERE:
                return self.directory
            case ast.Call(args=[inner], keywords=[]) if dotted in _PATHS | _SAME:
                text = self._text(inner)
                return self._of(inner, depth + 1) if text is None else self.directory / text
            case ast.Call(args=[inner], keywords=[]) if dotted == "os.path.dirname":
                outer = self._of(inner, depth + 1)
                return outer and outer.parent
            case ast.Call(func=ast.Attribute(value=inner, attr=attribute), args=[]) if (
                attribute in _UNCHANGED
            ):
                return self._of(inner, depth + 1)
        return None

    def _text(self, node: ast.expr) -> str | None:
        try:
            value = self._scope.literal(node)
        except NotLiteralError:
            return None
        return value if isinstance(value, str) else None


def source_step(source: str, local: Callable[[str], str]) -> dict[str, Any]:
    """The pull step of a source that is a text: a directory, a repository, or what lies elsewhere.

    ``local`` says which directory a path is.
    """
    parts = urlparse(source)
    if parts.scheme == "git" or parts.path.endswith(".git"):
        return {f"{_STEPS}.git_clone": {"repository": source}}
    if parts.scheme in _LOCAL:
        return {f"{_STEPS}.set_working_directory": {"directory": local(source.rpartition("://")[2])}}
    return {f"{_STEPS}.pull_from_remote_storage": {"url": source}}

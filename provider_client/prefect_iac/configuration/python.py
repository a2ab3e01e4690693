"""The language of the constructs: trees of a configuration as ``ruff format`` has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_iac.configuration.expressions import (
    Given,
    Input,
    JsonText,
    Noted,
    Reference,
    Template,
    Written,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Code", "Group", "Remarked", "call", "expression", "functions_in", "quoted", "statement"]

_WIDTH: Final = 88
"""Columns: what formatters take if nobody says otherwise."""

_INDENT: Final = 4


class Group(NamedTuple):
    """Parts in brackets, in one line or in a line each; each part with what stands before it."""

    start: str
    parts: tuple[tuple[str, Code], ...]
    end: str


class Remarked(NamedTuple):
    """A part with a remark behind it, which makes it stand in a line of its own."""

    code: Code
    remark: str


Code: TypeAlias = "str | Group | Remarked"
"""Code that is not laid out yet."""


def call(function: str, positional: Iterable[Code] = (), named: Mapping[str, Code] | None = None) -> Group:
    """A call."""
    parts = [("", one) for one in positional] + [(f"{name}=", one) for name, one in (named or {}).items()]
    return Group(f"{function}(", tuple(parts), ")")


def functions_in(code: Code) -> Iterator[str]:
    """What is called, as it is written: ``Flow``, ``Fn.jsonencode``."""
    if isinstance(code, Remarked):
        yield from functions_in(code.code)
    elif isinstance(code, Group):
        if code.start.endswith("("):
            yield code.start[:-1]
        for before, part in code.parts:
            # Of keys, which are laid out already, it is the only one.
            if before.startswith("literal("):
                yield "literal"
            yield from functions_in(part)


def statement(head: str, code: Code, *, indent: int = 0, width: int = _WIDTH) -> str:
    """A statement that stands in so far; ``head`` is what stands before the code: ``pool = ``."""
    return f"{' ' * indent}{head}{_laid_out(code, indent, indent + _columns(head), 0, width)}"


def expression(tree: Any, name: Callable[[Reference], str]) -> Code:
    """A value; ``name`` is how an attribute of another object is written. Calls may be among the values."""
    match tree:
        case Group():
            return tree
        case str():
            written = quoted(tree)
            return call("literal", [written]) if "${" in tree or "%{" in tree else written
        case Mapping():
            parts = (
                (f"{_flat(expression(key, name))}: ", expression(item, name)) for key, item in tree.items()
            )
            return Group("{", tuple(parts), "}")
        case list():
            return Group("[", tuple(("", expression(item, name)) for item in tree), "]")
        case tuple():
            return _part(tree, name)
        case float():
            return repr(tree).replace("e+", "e")
    return repr(tree)


def _part(part: Any, name: Callable[[Reference], str]) -> Code:
    match part:
        case Reference():
            return name(part)
        case Template():
            parts = (
                _literally(one) if isinstance(one, str) else f"{{{_flat(_part(one, name))}}}"
                for one in part.parts
            )
            return f"f{quoted(''.join(parts))}"
        case Written():
            return part.code
        case JsonText():
            return expression(part.document, name)
        case Input():
            return f"{part.name}.value"
        case Given():
            document = part.value.document if isinstance(part.value, JsonText) else part.value
            given = call("Fn.jsonencode", [expression(_with_nulls(document), name)])
            return call("Fn.conditional", [_missing(part.inputs), call("Token.null_value"), given])
        case Noted():
            return Remarked(expression(part.value, name), one_line(part.note))
        case _Null():
            return call("Token.null_value")
    return Remarked("None", part.why)


class _Null(NamedTuple):
    """Null where the CDK would leave out what is None: in the arguments of functions."""


def _with_nulls(tree: Any) -> Any:
    match tree:
        case None:
            return _Null()
        case Mapping():
            return {key: _with_nulls(item) for key, item in tree.items()}
        case list():
            return [_with_nulls(item) for item in tree]
    return tree


def _missing(inputs: tuple[str, ...]) -> Code:
    """Whether one of the inputs is not given."""
    missing: Code = call("Op.eq", [f"{inputs[0]}.value", '""'])
    for other in inputs[1:]:
        missing = call("Op.or_", [missing, call("Op.eq", [f"{other}.value", '""'])])
    return missing


def _literally(text: str) -> str:
    """A part of a text with expressions in it, which has none itself."""
    return text.replace("${", "$${").replace("%{", "%%{").replace("{", "{{").replace("}", "}}")


def quoted(text: str) -> str:
    """A text in quotes, of those that leave less to escape."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{''.join(map(_character, text)).replace(quote, f'{chr(92)}{quote}')}{quote}"


def _character(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


_ESCAPED: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _flat(code: Code) -> str | None:
    """The code in one line, if it may be in one."""
    if isinstance(code, str):
        return code
    if isinstance(code, Remarked):
        return None
    parts: list[str] = []
    for before, part in code.parts:
        flat = _flat(part)
        if flat is None:
            return None
        parts.append(before + flat)
    return f"{code.start}{', '.join(parts)}{code.end}"


def _laid_out(code: Code, indent: int, before: int, after: int, width: int) -> str:
    """The code behind so many columns of its line, and with so many characters after it."""
    flat = _flat(code)
    if isinstance(code, str) or (flat is not None and before + _columns(flat) + after <= width):
        return flat or ""
    if isinstance(code, Remarked):
        return _laid_out(code.code, indent, before, after, width)
    if not code.parts:
        return f"{code.start}{code.end}"
    inner = indent + _INDENT
    lines = [code.start]
    for start, part in code.parts:
        text = _laid_out(part, inner, inner + _columns(start), 1, width)
        remark = f"  # {part.remark}" if isinstance(part, Remarked) else ""
        lines.append(f"{' ' * inner}{start}{text},{remark}")
    return "\n".join([*lines, f"{' ' * indent}{code.end}"])


def _columns(text: str) -> int:
    """How wide a text is where each letter has a cell, and each of some scripts two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)

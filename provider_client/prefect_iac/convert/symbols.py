"""What placeholders stand for where their value is not known yet: marks in texts, until code is written for them."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from prefect_provider.rules.placeholders import ABSENT, Known, block_parts, key_steps

__all__ = ["Symbol", "Symbols"]

Kind: TypeAlias = Literal["environment", "step environment", "variable", "block"]
"""The second is of a pull step: without a value it is left for the start of a run."""

_BEGIN, _END = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_BEGIN}([0-9]+){_END}")
_SHOWN: Final = re.compile(rf"(?:{_BEGIN}|\\ue000)([0-9]+)(?:{_END}|\\ue001)")
"""A mark as it is, or as it is shown in quotes."""

_OF_ONE_VALUE: Final = frozenset({"date-time", "json", "secret", "string"})
"""Types of blocks that hold nothing but a ``value``, which stands for the block."""


class Symbol(NamedTuple):
    """A variable of the environment, a variable of Prefect, or a part of a block."""

    kind: Kind
    name: str
    """Of a block, its type and its name: ``secret.token``."""
    keys: tuple[str, ...] = ()


class Symbols:
    """The symbols of a file, in the order in which they were met."""

    def __init__(self) -> None:
        self.met: Final[list[Symbol]] = []
        self._labels: Final[dict[tuple[str, str], str]] = {}

    def known(self, outputs: dict[str, Any]) -> Known:
        """Values for reading: a mark for all but what build steps put out, which only who ran them knows."""
        return Known(
            environment=lambda name: self._mark(Symbol("environment", name)),
            bare_environment=self._bare,
            step_environment=lambda name: self._mark(Symbol("step environment", name)),
            variable=lambda name: self._mark(Symbol("variable", name)),
            block=self._block,
            output=lambda step: outputs.get(step, ABSENT),
        )

    def _bare(self, name: str) -> Any:
        # `{{ NAME }}` is one as well, and `{{ build.image }}` is none.
        if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
            return ABSENT
        return self._mark(Symbol("environment", name))

    def _block(self, name: str) -> Any:
        kind, label, keys = block_parts(name)
        if not label:
            return ABSENT
        steps = tuple(key_steps(keys))
        if kind in _OF_ONE_VALUE and steps[:1] != ("value",):
            steps = ("value", *steps)
        return self._mark(Symbol("block", f"{kind}.{label}", steps))

    def _mark(self, symbol: Symbol) -> str:
        if symbol not in self.met:
            self.met.append(symbol)
        return f"{_BEGIN}{self.met.index(symbol)}{_END}"

    def label(self, symbol: Symbol) -> str:
        """A name for it in code, which no other of its kind has."""
        kind = symbol.kind.removeprefix("step ")
        if (kind, symbol.name) not in self._labels:
            word = re.sub(r"[^a-z0-9]+", "_", symbol.name.lower()).strip("_")
            word = f"_{word}" if word[:1].isdigit() else word or "value"
            taken = {label for (other, _), label in self._labels.items() if other == kind}
            longer = (word, *(f"{word}_{number}" for number in range(2, len(taken) + 3)))
            self._labels[kind, symbol.name] = next(one for one in longer if one not in taken)
        return self._labels[kind, symbol.name]

    def placeholders(self, text: str) -> str:
        """A text for people, in which each mark is the placeholder that it stands for."""

        def placeholder(found: re.Match[str]) -> str:
            symbol = self.met[int(found[1])]
            before = {"variable": "prefect.variables.", "block": "prefect.blocks."}.get(symbol.kind, "$")
            return f"{{{{ {before}{symbol.name} }}}}"

        return _SHOWN.sub(placeholder, text)

    def lost(self, given: Any, written: Any) -> list[Symbol]:
        """The symbols of a value that are no longer in what was made of it."""
        there = set(_MARK.findall(json.dumps(written, ensure_ascii=False, default=str)))
        marks = dict.fromkeys(_MARK.findall(json.dumps(given, ensure_ascii=False, default=str)))
        return [self.met[int(mark)] for mark in marks if mark not in there]

    @staticmethod
    def is_marked(value: object) -> bool:
        """Whether a value is not known yet, or a part of it."""
        return isinstance(value, str) and _BEGIN in value

    def named(self, text: str) -> str:
        """A text in which each symbol is its label."""
        return "".join(part if isinstance(part, str) else self.label(part) for part in self.parts(text))

    def parts(self, text: str) -> list[str | Symbol]:
        """A text in pieces: what is written there, and symbols."""
        found: list[str | Symbol] = []
        end = 0
        for mark in _MARK.finditer(text):
            found += [text[end : mark.start()], self.met[int(mark[1])]]
            end = mark.end()
        return [part for part in (*found, text[end:]) if part != ""]

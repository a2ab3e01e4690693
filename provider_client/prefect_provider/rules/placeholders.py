"""The placeholders of ``prefect.yaml``, which `prefect deploy` puts values into, and what becomes of them here.

Four kinds are told apart by their names: ``{{ $NAME }}`` is a variable of the environment, ``{{ prefect.variables.x
}}`` one of Prefect, ``{{ prefect.blocks.type.name }}`` a block, with keys of it perhaps, and any other is what a build
step put out, or a variable of the environment as well. Braces that hold anything else are text, as for Prefect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["ABSENT", "NOTHING_KNOWN", "Known", "block_parts", "block_value", "fill", "key_steps"]

ABSENT: Final[Any] = object()
"""What a look-up gives that has no value; ``None`` is one."""

LookUp: TypeAlias = Callable[[str], Any]

_PLACEHOLDER: Final = pattern(r"\{\{\s*([\w.\-\[\]$]+)\s*\}\}")
_STEP: Final = pattern(r"[^.\[\]]+|\[\d+\]")
_BLOCKS: Final = "prefect.blocks."
_VARIABLES: Final = "prefect.variables."
_WHEN_RUN: Final = "ctx."
"""The first part of names that are rendered when a run starts."""

_OF_THE_EVENT: Final = frozenset({"parameters", "job_variables"})
"""The keys of a trigger in which other names are those of the event."""


def _absent(name: str) -> Any:  # noqa: ARG001 - it is a look-up
    return ABSENT


class Known(NamedTuple):
    """The values that placeholders stand for, each by a look-up that gives ABSENT where there is none.

    ``block`` is asked for what follows ``prefect.blocks.``, keys included, and gives the value; ``output`` is asked for
    the id of a build step, and gives what that step put out. ``text`` writes a value into a text around it. Pull steps
    ask ``step_environment``, where there is one: what has no value there is looked for when a run starts. Names
    without ``$`` ask ``bare_environment``, where there is one, as they may also be those of steps.
    """

    environment: LookUp = _absent
    variable: LookUp = _absent
    block: LookUp = _absent
    output: LookUp = _absent
    text: Callable[[Any], str] = str
    step_environment: LookUp | None = None
    bare_environment: LookUp | None = None

    @classmethod
    def of(
        cls,
        environment: Mapping[str, Any] | None = None,
        variables: Mapping[str, Any] | None = None,
        blocks: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
    ) -> Known:
        """The values of mappings; ``blocks`` has the data of blocks, or their only values, by ``type.name``."""
        block = None if blocks is None else partial(block_value, blocks)
        return cls(_of(environment), _of(variables), block or _absent, _of(outputs))


NOTHING_KNOWN: Final = Known()


def _of(mapping: Mapping[str, Any] | None) -> LookUp:
    return _absent if mapping is None else lambda name: mapping.get(name, ABSENT)


def fill(value: Any, path: Path, known: Known, problems: list[Problem]) -> Any:
    """The part of a deployment at ``path`` within it, with the values of its placeholders.

    A text that is one placeholder becomes the value, of whatever type; in other texts it is written out. What has no
    value is a problem, except where Prefect renders it later: in pull steps, in parameters of triggers, and ``ctx``.
    """
    if isinstance(value, str):
        return _text(str.__str__(value), path, known, problems)
    if isinstance(value, Mapping):
        return {key: fill(item, (*path, str(key)), known, problems) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [fill(item, (*path, index), known, problems) for index, item in enumerate(value)]
    return value


def _text(text: str, path: Path, known: Known, problems: list[Problem]) -> Any:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole is not None:
        value = _value(whole[1], path, known)
        if value is not ABSENT:
            return known.text(value) if whole[1].startswith("$") else value
    done, end = [], 0
    for found in _PLACEHOLDER.finditer(text):
        value = _value(found[1], path, known)
        if value is ABSENT:
            if not _is_later(found[1], path):
                problems.append(_unknown(found[0], found[1], path))
            continue
        if isinstance(value, (Mapping, list)):
            what = f"`{found[0]}` is {show(value)}, which cannot stand inside of a text"
            problems.append(Problem(path, what, "Name a part of it, such as `.value`."))
            continue
        done += [text[end : found.start()], known.text(value)]
        end = found.end()
    return "".join([*done, text[end:]])


def _value(name: str, path: Path, known: Known) -> Any:
    later = path[:1] == ("pull",)
    if name.startswith("$"):
        look_up = known.step_environment if later and known.step_environment else known.environment
        return look_up(name.lstrip("$"))
    if name.startswith(_BLOCKS):
        return ABSENT if later else known.block(name.removeprefix(_BLOCKS))
    if name.startswith(_VARIABLES):
        return ABSENT if later else known.variable(name.removeprefix(_VARIABLES))
    if name.startswith(_WHEN_RUN) or _is_of_the_event(path):
        return ABSENT
    own = ABSENT if later else (known.bare_environment or known.environment)(name)
    if own is not ABSENT:
        return own
    step, _, keys = name.partition(".")
    output = known.output(step)
    return output if output is ABSENT or not keys else _inside(output, keys)


def block_parts(name: str) -> tuple[str, str, str]:
    """The type, the name and the keys of what follows ``prefect.blocks.``; the keys may be empty."""
    kind, _, rest = name.partition(".")
    label, _, keys = rest.partition(".")
    return kind, label, keys


def key_steps(keys: str) -> list[str]:
    """The keys of ``a.b[0].c``: ``a``, ``b``, ``0`` and ``c``."""
    return [step.strip("[]") for step in _STEP.findall(keys)]


def block_value(blocks: Mapping[str, Any], name: str) -> Any:
    """What a placeholder of a block stands for; a block of one value stands for that."""
    kind, label, keys = block_parts(name)
    data = blocks.get(f"{kind}.{label}", ABSENT)
    if data is ABSENT or not isinstance(data, Mapping):
        # The value itself was given.
        return data if keys in ("", "value") else ABSENT
    if data.keys() == {"value"} and key_steps(keys)[:1] != ["value"]:
        data = data["value"]
    return data if not keys else _inside(data, keys)


def _inside(value: Any, keys: str) -> Any:
    for step in key_steps(keys):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return ABSENT
    return value


def _is_of_the_event(path: Path) -> bool:
    # The path of a trigger has two steps.
    return len(path) > 2 and path[0] == "triggers" and path[2] in _OF_THE_EVENT


def _is_later(name: str, path: Path) -> bool:
    if path[:1] == ("pull",):
        return True
    return not name.startswith(("$", _BLOCKS, _VARIABLES)) and (
        name.startswith(_WHEN_RUN) or _is_of_the_event(path)
    )


def _unknown(whole: str, name: str, path: Path) -> Problem:
    what = f"`prefect deploy` renders `{whole}`, and Terraform takes it as it is"
    if name.startswith("$"):
        beside = f"the variable {name.lstrip('$')} of the environment"
    elif name.startswith(_BLOCKS):
        beside = f"the block {'.'.join(name.removeprefix(_BLOCKS).split('.')[:2])}"
    elif name.startswith(_VARIABLES):
        beside = f"the variable {name.removeprefix(_VARIABLES)}"
    else:
        beside = f"what the step {name.partition('.')[0]} put out"
    return Problem(path, what, f"Write the value, or give {beside} beside the document.")

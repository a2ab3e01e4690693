"""Every kind of attribute, through the real terraform: whatever is written, the plan after its apply is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import ToyWorkspace

LEFT_OUT = ""

FULL_PART = (
    '{ label = "b", weight = 0, note = "n", spec = "{\\"b\\": 1, \\"a\\": [ ]}", tags = ["y", "x"], '
    'core = { material = "tin", density = 0.1, spec = "[1,  2]" } }'
)
RESPELLED_PART = (
    '{ label = "b", weight = "0", note = "n", spec = "{ \\"a\\":[],\\"b\\":1.0 }", tags = ["x", "y"], '
    'core = { material = "tin", density = 0.1, spec = "[1,2]" } }'
)
OTHER_PART = '{ label = "c", note = "", tags = [], core = {} }'

# Per attribute: what is written, step by step. All end with being left out.
STEPS: dict[str, list[str]] = {
    "kind": ['"fancy"', "null", '"plain"'],
    "text": ['""', '"a"', "null", '"ü b"', '" "'],
    "whole": ["0", "5", "null", "-18446744073709551617", "18446744073709551616"],
    "number": ["0", "0.1", "1e-400", "123456789012345678901234567890.123456789", "5"],
    "flag": ["false", "true", "null"],
    "document": [
        "jsonencode({})",
        '"{ \\"b\\": 1.0, \\"a\\": [1e3] }"',
        "jsonencode(null)",
        '"[ ]"',
        '"0.1000"',
    ],
    "anything": ['"a"', "5", '["a", 1, null]', "{ a = [], b = {} }", "tolist([])", "tostring(null)", "0.1"],
    "identity": ['"0123ABCD-89ab-cdef-0123-456789abcdef"', "null"],
    "moment": ['"2030-01-31T12:00:00Z"', '"2030-01-31T13:00:00+01:00"', "null"],
    "words": ["[]", '["a", "", "a"]', "null", '["b"]'],
    "documents": ["[]", '["{ }", "[1,  2]"]', '["{ }", "[ 3]"]'],
    "labels": ["{}", '{ b = "1", a = "" }', "null", '{ "a.b/c" = "2" }'],
    "marks": ["[]", '["b", "a", "b"]', "null", '["c"]'],
    "note": ['""', '"a"', '""', "null", '"b"', '""'],
    "text_or_not": ['""', '"a"', "null", '"something"'],
    "flag_on": ["false", "null", "true"],
    "marks_or_none": ['["b", "a"]', "[]", "null", '["c"]'],
    "settings": ["jsonencode({})", '"{ \\"b\\": { }, \\"a\\": 0 }"', "null", '"{ }"'],
    "priority": ["0", "5", "null"],
    "quota": ["0", "5", "null", "10", "7"],
    "grade": ['""', '"a"', "null"],
    "part": ['{ label = "a" }', FULL_PART, "null", OTHER_PART, '{ label = "c", note = null }'],
    "parts": [
        "[]",
        '[{ label = "a" }]',
        f'[{FULL_PART}, {{ label = "a" }}, {OTHER_PART}]',
        f"[{OTHER_PART}]",
    ],
    "set_of_parts": [
        "[]",
        '[{ label = "a" }]',
        f'[{FULL_PART}, {{ label = "a" }}, {OTHER_PART}]',
        f'[{FULL_PART}, {{ label = "z" }}]',
        f'[{RESPELLED_PART}, {{ label = "q", note = "" }}]',
        f'[{FULL_PART}, {{ label = "q" }}, {{ label = "r" }}]',
        f"[{OTHER_PART}, {FULL_PART}]",
    ],
    "map_of_parts": ["{}", '{ x = { label = "a" } }', f'{{ "x.y" = {FULL_PART}, x = {OTHER_PART} }}'],
    "parts_or_none": ['[{ label = "a" }]', "[]", "null", f"[{FULL_PART}]"],
    "frame": ['{ size = 1, secret = "s", pin_wo = "1234" }', '{ size = 2, colour = "blue" }', "null"],
    "default_core": ['{ material = "tin" }', "{}", "null", '{ density = 3, spec = "{ }" }'],
    "secret": ['""', '"a"', "null"],
    "secret_wo": ['"a"', "null", '"b"'],
    "secret_wo_version": ["1", "2", "null"],
}


LAST = max(map(len, STEPS.values()))


def block(attribute: str, step: int, name: str) -> str:
    """A thing with what is written of an attribute in a step; after the last one it is left out."""
    values = STEPS[attribute]
    line = f"{attribute} = {values[step]}" if step < len(values) else ""
    return f'resource "toy_thing" "{name}" {{\n  name = "{name.replace("_", "-")}"\n  {line}\n}}\n'


def configuration(step: int) -> str:
    """One thing for each attribute that has not been left out again in an earlier step."""
    return "\n".join(
        block(attribute, step, attribute) for attribute, values in STEPS.items() if step <= len(values)
    )


def test_whatever_is_written_the_next_plan_is_empty(toy: Callable[..., ToyWorkspace]) -> None:
    """Left out, null, empty, zero, set, set otherwise, left out again: after each apply nothing is to do."""
    workspace = toy("\n".join(block(attribute, LAST, attribute) for attribute in STEPS))
    workspace.settle()
    for step in range(LAST + 1):
        workspace.write(configuration(step))
        workspace.settle()


def test_created_as_written_the_next_plan_is_empty(toy: Callable[..., ToyWorkspace]) -> None:
    """The same for objects that are new."""
    blocks = [
        block(attribute, step, f"{attribute}_{step}")
        for attribute, values in STEPS.items()
        for step in range(len(values))
    ]
    workspace = toy("\n".join(blocks))
    workspace.settle()

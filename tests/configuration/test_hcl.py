"""Trees of a configuration in Terraform's language: it reads as `terraform fmt` has it, and means what it should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.configuration.expressions import (
    Given,
    Input,
    JsonText,
    Noted,
    Reference,
    Template,
    inputs_in,
    references_in,
    replaced,
)
from prefect_iac.configuration.hcl import block, expression, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

FLOW = Reference("prefect_flow", "etl", "id", "f-1")
OTHER = Reference("prefect_flow", "other", "id", "f-2")

TEXTS = [
    "plain",
    'quotes " and back\\slashes \\n',
    "${a} $${b} $$${c} %{d} %%{e} $ { % {",
    "\x00\x07\x08\x0b\x0c\x1b\x7f\u0085\u2028",
    "two lines\nthat are together long enough to be written as they are read",
    "two lines\nthat are together long enough to be written as they are read\n",
    "two lines\nthat are together long enough to be written as they are read\n\n",
    "\nbegins with a line that is empty, and goes on for a while, longer than sixty\nyes",
    "  stands in, as do all of the lines of this text, which is what counts here\n    more\n  less\n",
    "  stands in\nbut the second does not, and it is a long one, longer than sixty of them\n\n    more ${x} %{y}",
    "trailing blanks   \nare kept, and this line only makes the text long enough to be a long one.\n",
    "EOT\nalone in a line, which would end it; and the rest makes this text a long one, does it\n",
    "a tab\tinside, and some more text that makes it long enough to be written in lines\nyes\n",
    "windows\r\nlines that are long enough to be written as they are read, so to say, more or less\r\n",
    "<<-EOT\nis no beginning; ${EOT} %{ if } and the rest of it makes this text a long one, does it\n",
]


def test_terraform_reads_the_texts_back(terraform: Callable[..., Workspace]) -> None:
    """Terraform itself, which has no server to ask here, has every text as it was, wherever it stands."""
    trees: dict[str, Any] = {}
    for number, text in enumerate(TEXTS):
        trees |= {
            f"attribute{number}": text,
            f"object{number}": {text: {"deep": text}, "next": 1},
            f"list{number}": [text, [text, {"in": text}]],
            f"json{number}": JsonText({text: [text, None], "own": text}),
        }
    blocks = [block(f'output "{name}"', {"value": tree, "sensitive": False}) for name, tree in trees.items()]
    workspace = terraform("\n\n".join(blocks) + "\n", api_url=None, provider=False)
    assert workspace.run("fmt", "-check", "-diff").stdout == ""
    workspace.apply()
    got = workspace.outputs()
    for name, tree in trees.items():
        if isinstance(tree, JsonText):
            assert json.loads(got[name]) == tree.document
        else:
            assert got[name] == tree


def test_keys_that_are_words_of_the_language(terraform: Callable[..., Workspace]) -> None:
    """A key that Terraform would take for something else is written in quotes."""
    keys = [
        "for",
        "null",
        "true",
        "false",
        "if",
        "in",
        "a-b",
        "-a",
        "1",
        "",
        "a.b",
        "each",
        "for_each",
        "$",
        "ü",
    ]
    body = {"value": {key: number for number, key in enumerate(keys)}}
    workspace = terraform(block('output "o"', body) + "\n", api_url=None, provider=False)
    assert workspace.run("fmt", "-check", "-diff").stdout == ""
    workspace.apply()
    assert workspace.outputs()["o"] == body["value"]


def test_parts_have_their_words() -> None:
    """References, templates, inputs and remarks, aligned as Terraform aligns them."""
    body = {
        "flow_id": FLOW,
        "name": Template(("a ${b} ", FLOW, "\n")),
        "data": Given(("x", "y"), JsonText({"x": Input("x"), "y": [Input("y")]})),
        "pool": Noted("p-1", "the  pool\nof all"),
        "longer_name": Noted(1, "one"),
        "ids": [FLOW, Noted("p", "not shown in a list")],
        "items": [{"id": FLOW}],
    }
    assert block('resource "r" "n"', body) == (
        'resource "r" "n" {\n'
        "  flow_id = prefect_flow.etl.id\n"
        '  name    = "a $${b} ${prefect_flow.etl.id}\\n"\n'
        "  data = var.x == null || var.y == null ? null : jsonencode({\n"
        "    x = var.x\n"
        "    y = [var.y]\n"
        "  })\n"
        '  pool        = "p-1" # the pool of all\n'
        "  longer_name = 1     # one\n"
        '  ids         = [prefect_flow.etl.id, "p"]\n'
        "  items = [\n"
        "    {\n"
        "      id = prefect_flow.etl.id\n"
        "    },\n"
        "  ]\n"
        "}"
    )
    assert list(references_in(body)) == [FLOW] * 4
    assert list(inputs_in(body)) == ["x", "y"]


def test_references_can_be_taken_back() -> None:
    """What is not to be referred to has what the reference holds, with the remark; texts become whole again."""
    tree = {"a": FLOW, "b": [Template(("x.", FLOW, ".", OTHER)), Template(("y.", FLOW))], "c": JsonText(FLOW)}
    found = replaced(tree, frozenset({("prefect_flow", "etl")}), "why")
    assert found == {
        "a": Noted("f-1", "why"),
        "b": [Template(("x.f-1.", OTHER)), "y.f-1"],
        "c": JsonText(Noted("f-1", "why")),
    }


def test_short_texts_stay_in_their_line() -> None:
    """A text of few characters is in quotes, even if it has several lines."""
    assert expression("a\nb", own_line=True) == quoted("a\nb") == '"a\\nb"'

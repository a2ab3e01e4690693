"""Values made at random, from a seed: texts, numbers, lists and mappings with tokens and calls of functions in them.

As a program it prints a JSON object of stacks by seed: `any_expression.py cdktn 0 1 2`.
"""

import json
import sys
from importlib import import_module
from random import Random
from typing import Any

__all__ = ["AnyExpression"]

TEXTS = (
    *(
        "plain",
        "",
        "a b",
        'q\\"q',
        "$${x}",
        '${upper("a")}',
        "${var.t}",
        "}",
        "{}",
        "${",
        "n\nn",
        "a-${var.t}-}b",
    ),
    *("%{x}", "{{ e }}", "ü", "\U0001d518"),
)


class AnyExpression:
    """A stack of outputs from a seed."""

    def __init__(self, cdk: Any, seed: int) -> None:
        """Fill a new stack of a runtime."""
        self.cdk = cdk
        self.random = Random(seed)  # noqa: S311 - for tests
        self.stack = cdk.TerraformStack(cdk.Testing.app(), "s")
        self.text_variable = cdk.TerraformVariable(self.stack, "t", type="string")
        self.number = cdk.TerraformVariable(self.stack, "n", type="number")
        self.list = cdk.TerraformVariable(self.stack, "l", type="list(string)")
        self.any = cdk.TerraformVariable(self.stack, "m", type="any")
        each = cdk.TerraformIterator.from_list(["a"]) if self.random.random() < 0.5 else None
        self.block = cdk.TerraformResource(self.stack, "r", terraform_resource_type="x_y", for_each=each)
        self.local = cdk.TerraformLocal(self.stack, "local", "v")
        for index in range(6):
            cdk.TerraformOutput(self.stack, f"o{index}", value=self.value(3))

    def text(self, depth: int) -> str:
        """A text, perhaps with tokens."""
        region: str = self.text_variable.string_value
        match self.random.randrange(9 if depth else 3):
            case 0 | 1:
                return self.random.choice(TEXTS)
            case 2:
                return region
            case 3:
                return f"{self.random.choice(TEXTS)}{self.text(depth - 1)}{self.random.choice(TEXTS)}"
            case 4:
                return str(self.block.get_string_attribute("id"))
            case 5:
                return self.call(depth - 1)
            case 6:
                return f"{self.number.number_value}{self.random.choice(TEXTS)}{self.text(depth - 1)}"
            case 7:
                return str(self.local.as_string)
        return str(self.block.fqn)

    def call(self, depth: int) -> str:
        """A call of a function."""
        fn = self.cdk.Fn
        match self.random.randrange(8):
            case 0:
                return str(fn.upper(self.text(depth)))
            case 1:
                return str(fn.join(self.random.choice(["-", ","]), self.texts(depth)))
            case 2:
                return str(fn.jsonencode(self.value(depth)))
            case 3:
                return str(fn.format("%s", [self.text(depth), self.number.number_value]))
            case 4:
                return str(fn.lookup(self.any.value, self.text(depth)))
            case 5:
                return str(fn.coalesce([self.text(depth), "x"]))
            case 6:
                return str(fn.raw_string(self.text(0)))
        return str(fn.replace(self.text(depth), "a", self.text(depth)))

    def texts(self, depth: int) -> Any:
        """A list of texts."""
        if self.random.random() < 0.3:
            return self.list.list_value
        return [self.text(depth) for _ in range(self.random.randrange(4))]

    def value(self, depth: int) -> Any:
        """Any value."""
        match self.random.randrange(9 if depth > 0 else 5):
            case 0:
                return self.random.choice([True, False, 1, 2.5, 1e22, -0.5, 0])
            case 1:
                return self.text(max(depth, 0))
            case 2:
                return self.number.number_value
            case 3:
                return self.list.list_value
            case 4:
                return self.any.value
            case 5:
                region = self.text_variable.string_value
                keys = self.random.sample(["a", "b c", region, f"x-{region}"], self.random.randrange(3))
                return {key: self.value(depth - 1) for key in keys}
            case 6:
                return [self.value(depth - 1) for _ in range(self.random.randrange(3))]
            case 7:
                return self.cdk.Token.null_value()
        return self.cdk.Token.as_any(self.random.choice([[1, 2], {"a": 1}, "s", 5]))


def synthesized(cdk: Any, seed: int) -> str:
    """What the stack of a seed comes to; where there are no such values, that."""
    try:
        return str(cdk.Testing.synth(AnyExpression(cdk, seed).stack))
    except (RuntimeError, TypeError, ValueError):
        return "refused"


if __name__ == "__main__":
    runtime, *seeds = sys.argv[1:]
    library = import_module(runtime)
    json.dump({seed: synthesized(library, int(seed)) for seed in seeds}, sys.stdout)

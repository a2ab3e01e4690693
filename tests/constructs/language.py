"""What an app writes with the CDK's own classes, for one runtime or another: `language.py cdktn OUTDIR`.

Two stacks of an app with variables, locals, outputs, functions, operators, iterators, overrides, blocks of other
providers, provisioners, and references from one stack to the other.
"""

import sys
from importlib import import_module
from typing import Any

__all__ = ["build"]

RANDOM = {"provider_name": "random", "provider_version_constraint": "~> 3.6"}


def functions(cdk: Any, text: str, number: float, texts: list[str]) -> dict[str, Any]:
    """Calls of functions with every kind of argument and result, by name."""
    fn = cdk.Fn
    return {
        "abs": fn.abs(-2.5),
        "alltrue": fn.alltrue([True, False]),
        "bcrypt": [fn.bcrypt("x"), fn.bcrypt(text, 5)],
        "chunklist": fn.chunklist(["a", text, f"{text}-b"], 2),
        "coalesce": fn.coalesce([text, "b", 1]),
        "compact": fn.compact(["a", "", text]),
        "concat": fn.concat([texts, ["x", text]]),
        "conditional": fn.conditional(fn.contains(texts, "a"), "yes", text),
        "element": fn.element(texts, 1),
        "file": fn.file("a b/c.txt"),
        "flatten": fn.flatten([["a"], texts, [text]]),
        "format": fn.format("%s-%d", [text, 3]),
        "join": fn.join("-", ["a", text, "c\nd"]),
        "join_token": fn.join(",", texts),
        "jsonencode": fn.jsonencode(
            {"a": text, "b": [1, 2.5, True, 1e21], "c": f"<{text}>", "d": {"e": number}}
        ),
        "keys": fn.keys({"a": 1, "b": text}),
        "length": fn.length_of(texts),
        "lookup": [
            fn.lookup({"a": 1}, "a"),
            fn.lookup({"a": 1}, text, "z"),
            fn.lookup_nested(texts, [0, "a b", "c"]),
        ],
        "max": fn.max([1, number, 3]),
        "merge": fn.merge([{"a": 1}, {"b": text}]),
        "nested": fn.upper(fn.trimspace(f" {fn.lower(text)} ")),
        "range": fn.range(0, 10),
        "raw": fn.jsonencode({"a": fn.raw_string('say "hi" ${x}\n')}),
        "replace": fn.replace(text, "a", "b"),
        "setproduct": fn.setproduct([["a"], ["b"]]),
        "split": fn.split(",", "a,b"),
        "timestamp": fn.timestamp(),
        "try": fn.try_([text, "none"]),
        "zipmap": fn.zipmap(["a", "b"], [1, 2]),
    }


def language(cdk: Any, stack: Any) -> None:
    """Fill a stack with what the language has."""
    text = cdk.TerraformVariable(
        stack, "text", type="string", default="a", description='in "quotes"', sensitive=True
    )
    number = cdk.TerraformVariable(
        stack,
        "number",
        type="number",
        default=3,
        nullable=False,
        validation=[
            cdk.TerraformVariableValidationConfig(condition="${var.number > 0}", error_message="positive")
        ],
    )
    texts = cdk.TerraformVariable(stack, "texts", type="list(string)", default=["a", "b"])
    types = cdk.VariableType
    row = types.object({"a": types.STRING, "b": types.list(types.NUMBER), "c": types.tuple("bool", "any")})
    cdk.TerraformVariable(stack, "rows", type=types.map(row), default={"x": {"a": "b"}})
    mapping = cdk.TerraformVariable(stack, "mapping", type="any", default={"camelKey": 1, "tags": {"A": "b"}})
    local = cdk.TerraformLocal(
        stack, "local", {"a": text.string_value, "b": [number.number_value], "c": None}
    )
    for name, value in functions(cdk, text.string_value, number.number_value, texts.list_value).items():
        cdk.TerraformLocal(stack, f"fn-{name}", value)
    values = {
        "text": f"<{text.string_value}> {number.number_value} ${{upper({text.string_value})}} }}",
        "raw": "${upper(var.text)} $${literal} {{ event }}",
        "number": number.number_value,
        "list": texts.list_value,
        "any": mapping.value,
        "flag": text.boolean_value,
        "local": [local.as_string, local.as_list, local.as_number, local.expression, f"x{local.as_string}y"],
        "maps": [local.as_string_map, local.as_any_map],
        "null": {"a": cdk.Token.null_value(), "b": [None, 1]},
        "numbers": [1e300, 1e21, 123456789012345680000, 1e-7, 0.000001, 100.0, -0.0, 2**53 + 2, 10**25],
        "keys": {text.string_value: 1, f"a-{text.string_value}": 2},
        "texts": ["\u2028", "\U0001d518", "\x7f", "\x1f", "ą", "</script>"],
        "empty": [{}, [], ""],
    }
    for name, value in values.items():
        cdk.TerraformOutput(stack, f"value-{name}", value=value, sensitive=name == "text")


def blocks(cdk: Any, stack: Any, construct: Any) -> Any:
    """Fill a stack with blocks of another provider, in scopes, with all their options."""
    common = {"terraform_resource_type": "random", "terraform_generator_metadata": RANDOM}
    random = cdk.TerraformProvider(stack, "random", terraform_provider_source="hashicorp/random", **common)
    random.add_override("an_option", True)
    block = {**common, "terraform_resource_type": "random_pet"}
    first = cdk.TerraformResource(stack, "first", **block, count=2, lifecycle={"create_before_destroy": True})
    first.add_override("length", 3)
    first.add_override("keepers.a.b", ["x"])
    first.add_override("keepers.a.c", cdk.Fn.upper("x"))
    team = construct(construct(stack, "team one"), "Default")
    each = cdk.TerraformIterator.from_map({"a": {"size": 1, "name": "x"}, "b": {"size": 2, "name": "y"}})
    second = cdk.TerraformResource(
        team,
        "pet/two",
        **block,
        for_each=each,
        depends_on=[first],
        lifecycle={
            "ignore_changes": ["length"],
            "replace_triggered_by": ["terraform_data.x"],
            "precondition": [cdk.Precondition(condition="${true}", error_message="never")],
        },
        provisioners=[
            cdk.LocalExecProvisioner(
                type="local-exec",
                command=f"echo {first.get_string_attribute('id')} {cdk.TerraformSelf.get_string('publicIp.x')}",
                when="destroy",
                working_dir="/x",
                environment={"A_b": "c"},
            )
        ],
        connection={"type": "ssh", "host": "h", "user": "u"},
    )
    second.add_override("prefix", each.get_string("name"))
    second.add_override("length", each.get_number("size"))
    second.add_override("separator", f"{each.key}-")
    names = cdk.TerraformIterator.from_list(["a", "b"])
    third = cdk.TerraformDataSource(
        construct(team, "Resource"),
        "third",
        **{**block, "terraform_resource_type": "random_thing"},
        for_each=names,
    )
    third.add_override("name", names.value)
    third.add_override("key", names.key)
    third.add_override("list.0.name", "x")
    counted = cdk.TerraformCount.of(3)
    fourth = cdk.TerraformResource(stack, "fourth", **block, count=counted)
    fourth.add_override("prefix", f"n{counted.index}")
    fourth.override_logical_id("renamed")
    others = cdk.TerraformIterator.from_resources(second)
    fifth = cdk.TerraformResource(stack, "fifth", **block, for_each=others)
    fifth.add_override("prefix", others.get_string("id"))
    complex_ = cdk.TerraformIterator.from_complex_list(
        cdk.Token.as_any([{"name": "a", "size": 1}, {"name": "b", "size": 2}]), "name"
    )
    sixth = cdk.TerraformResource(stack, "sixth", **block, for_each=complex_)
    sixth.add_override("length", complex_.get_number("size"))
    sixth.add_override("dynamic", complex_.dynamic({"size": complex_.get_number("size"), "fixed": "x"}))
    sixth.import_from("some-id")
    fifth.move_from_id("random_pet.old")
    outputs = {
        "first": first.fqn,
        "ids": second.get_list_attribute("id"),
        "keys": each.keys(),
        "values": names.values(),
        "plucked": each.pluck_property("name"),
        "list": each.for_expression_for_list("val.name if val.size > 1"),
        "map": each.for_expression_for_map("key", "val.name"),
        "third": f"{third.get_string_attribute('result')}!",
        "number": first.get_number_attribute("length"),
        "flag": first.get_boolean_attribute("flag"),
        "access": cdk.Fn.lookup_nested(first, ["0", 1, "name", "*"]),
    }
    for name, value in outputs.items():
        cdk.TerraformOutput(team, f"o-{name}", value=value, description=name)
    cdk.TerraformOutput(team, "static", value=first, static_id=True, depends_on=[first, second])
    stack.add_override("terraform.required_version", ">= 1.5")
    return first


def build(cdk: Any, outdir: str) -> None:
    """Write the app."""
    construct = cdk.Construct if hasattr(cdk, "Construct") else import_module("constructs").Construct
    app = cdk.App(outdir=outdir)
    one, two = cdk.TerraformStack(app, "one"), cdk.TerraformStack(app, "two")
    cdk.S3Backend(two, bucket="states", key="two", region="eu-central-1", skip_region_validation=True)
    language(cdk, one)
    pet = blocks(cdk, one, construct)
    cdk.TerraformOutput(two, "id", value=pet.get_string_attribute("id"))
    cdk.TerraformOutput(two, "text", value=f"a-{pet.get_string_attribute('id')}-b ${{upper({pet.fqn})}}")
    cdk.TerraformLocal(two, "encoded", cdk.Fn.jsonencode({"id": pet.get_string_attribute("id")}))
    three = cdk.TerraformStack(app, "three")
    workspace = cdk.NamedCloudWorkspace("w", "p")
    cdk.CloudBackend(three, organization="o", workspaces=workspace, hostname="tfe.test")
    cdk.TerraformOutput(three, "of-two", value=cdk.TerraformLocal(two, "l", "x").as_string)
    cdk.Annotations.of(three).add_warning("careful")
    four = cdk.TerraformStack(app, "four")
    cdk.RemoteBackend(four, organization="o", workspaces=cdk.NamedRemoteWorkspace("n"))
    cdk.TerraformOutput(four, "of-three", value=cdk.TerraformLocal(three, "l", "x").as_list)
    five = cdk.TerraformStack(app, "five")
    elsewhere = cdk.DataTerraformRemoteStateS3(five, "s3", bucket="b", key="k", region="r", workspace="w")
    file = cdk.DataTerraformRemoteStateLocal(five, "file", path="x.tfstate", defaults={"y": "z"})
    cdk.TerraformOutput(
        five, "elsewhere", value=[elsewhere.get_string("x"), file.get_number("y"), file.get("z")]
    )
    cdk.TerraformOutput(five, "of-four", value=cdk.TerraformLocal(four, "l", "x").as_string)
    app.synth()


if __name__ == "__main__":
    build(import_module(sys.argv[1]), sys.argv[2])

"""Values that Terraform works out, wherever a value goes."""

import json
from pathlib import Path
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import TerraformStack
from prefect_constructs.testing import Template
from prefect_constructs.tokens import expression_problem, is_unresolved, unescape
from tests.constructs.stacks import CDK, new_app, new_stack


@pytest.fixture
def stack() -> TerraformStack:
    """A stack with a work pool and a variable's worth of tokens."""
    return new_stack()


def written(stack: TerraformStack, value: Any) -> Any:
    """How a value of a Prefect variable is synthesized."""
    pc.Variable(stack, "v", name="v", value=value)
    return Template.from_stack(stack).resources("prefect_variable")["v"]["value"]


def parameters(stack: TerraformStack, value: Any) -> str:
    """How a deployment's parameters are synthesized."""
    pc.Deployment(stack, "d", flow_name="f", parameters=value)
    text: str = Template.from_stack(stack).resources("prefect_deployment")["d"]["parameters"]
    return text


def test_every_kind_of_token(stack: TerraformStack) -> None:
    """Texts, numbers, flags, lists, mappings and objects of a construct go into every kind of attribute."""
    deployment = pc.Deployment(stack, "a", flow_name="f")
    pc.Deployment(
        stack,
        "b",
        flow=deployment.flow_id,
        description=f"like {deployment.name}",
        concurrency_limit=deployment.concurrency_limit,
        paused=deployment.paused,
        tags=deployment.tags,
        labels=deployment.labels,
        parameters=deployment.parameters,
        version_info=deployment.version_info,  # type: ignore[arg-type]  # a whole object
    )
    found = Template.from_stack(stack).resources("prefect_deployment")["b"]
    names = ("concurrency_limit", "flow_id", "labels", "parameters", "paused", "tags", "version_info")
    assert {name: found[name] for name in names} == {
        name: f"${{prefect_deployment.a.{name}}}" for name in names
    }
    assert found["description"] == "like ${prefect_deployment.a.name}"


def tokens_of_any_type(stack: TerraformStack) -> dict[str, Any]:
    """What the CDK gives where it does not know the type, by the expression that it is."""
    variable = CDK.TerraformVariable(stack, "anything", type="any")
    local = CDK.TerraformLocal(stack, "made", {"a": 1})
    items = CDK.TerraformIterator.from_map({"a": {"b": 1}})
    return {
        "${var.anything}": variable.value,
        "${local.made}": local.expression,
        "${each.value}": items.value,
        "${each.value.b}": items.get_any("b"),
        '${jsondecode("{}")}': CDK.Fn.jsondecode("{}"),
        "${local.made.a}": CDK.Token.as_any(CDK.Fn.lookup(local.expression, "a")),
    }


def test_tokens_of_any_type(stack: TerraformStack) -> None:
    """A token of which the CDK does not know the type goes wherever a value does, whole or inside of documents."""
    for index, (expression, token) in enumerate(tokens_of_any_type(stack).items()):
        pc.Variable(stack, f"v{index}", value={"a": [token], "b": token})
        pc.Deployment(
            stack,
            f"d{index}",
            flow_name="f",
            description=token,
            concurrency_limit=token,
            paused=token,
            tags=token,
            parameters={"a": [token]},
            job_variables=token,
            pull_steps=token,
            schedules=token,
        )
        pc.Automation(stack, f"a{index}", trigger=token, actions=token, enabled=token)
        found = Template.from_stack(stack)
        assert found.resources("prefect_variable")[f"v{index}"]["value"] == {
            "a": [expression],
            "b": expression,
        }
        deployment = found.resources("prefect_deployment")[f"d{index}"]
        assert deployment.pop("parameters") == f'{{"a":[${{jsonencode({expression[2:-1]})}}]}}'
        automation = found.resources("prefect_automation")[f"a{index}"]
        for made in (deployment, automation):
            assert {value for name, value in made.items() if name not in ("name", "flow_name")} == {
                expression
            }


def test_in_documents(stack: TerraformStack) -> None:
    """Tokens inside of JSON text are encoded by Terraform, whatever they turn out to be."""
    pool = pc.WorkPool(stack, "p", name="p")
    text = parameters(
        stack,
        {
            "id": pool.id,
            "limit": pool.concurrency_limit,
            "paused": pool.paused,
            "text": f'"{pool.name}" in {pool.name}\n',
            "nested": {"a": [{"id": pool.id}]},
            "plain": 'with "quotes" and {{ event }}',
        },
    )
    reference = "prefect_work_pool.p"
    assert text == (
        f'{{"id":${{jsonencode({reference}.id)}},"limit":${{jsonencode({reference}.concurrency_limit)}},'
        f'"nested":{{"a":[{{"id":${{jsonencode({reference}.id)}}}}]}},"paused":${{jsonencode({reference}.paused)}},'
        '"plain":"with \\"quotes\\" and {{ event }}","text":'
        f'${{jsonencode(join("", ["\\"", {reference}.name, "\\" in ", {reference}.name, "\\n"]))}}}}'
    )


def test_expressions(stack: TerraformStack) -> None:
    """Terraform's own expressions pass, and alone in a document they are encoded as tokens are."""
    assert (
        parameters(stack, {"a": "${var.a}", "b": "x-${var.b}"})
        == '{"a":${jsonencode(var.a)},"b":"x-${var.b}"}'
    )


def test_text_with_tokens(stack: TerraformStack) -> None:
    """JSON that the user encoded keeps its tokens."""
    pool = pc.WorkPool(stack, "p", name="p")
    assert parameters(stack, json.dumps({"id": pool.id})) == '{"id": "${prefect_work_pool.p.id}"}'


def test_literal(stack: TerraformStack) -> None:
    """A text with the signs of an expression is escaped, and checked as what it means."""
    assert written(stack, {"a": pc.literal("${HOME} %{http_code}")}) == {"a": "$${HOME} %%{http_code}"}
    assert parameters(stack, {"a": pc.literal("${HOME}")}) == '{"a":"$${HOME}"}'
    assert unescape(pc.literal("${A} %{b} $x")) == "${A} %{b} $x"


def test_literal_beside_a_token(stack: TerraformStack) -> None:
    """Escaped text in one text with a token is escaped once."""
    pool = pc.WorkPool(stack, "p", name="p")
    text = parameters(stack, {"a": pc.literal("${HOME}/") + pool.name})
    assert text == '{"a":${jsonencode(join("", ["$${HOME}/", prefect_work_pool.p.name]))}}'


@pytest.mark.parametrize("text", ["${HOME}", "a ${HOME:-x}", "%{http_code}", "%{ HTTP }", "${x-y}"])
def test_signs_of_other_languages(text: str) -> None:
    """What is of a shell is told from an expression, which Terraform would refuse later."""
    assert expression_problem(text) is not None
    assert expression_problem(pc.literal(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        *("${var.x}", "${each.value}", "${upper(var.x)}", "${true}", "$${HOME}", "{{ event }}", "100 %"),
        *("%{ if var.x }a%{ endif }", "%{ for x in var.l }${x}%{ endfor }", '${[for x in var.l : "${x}"]}'),
    ],
)
def test_expressions_are_left_alone(text: str) -> None:
    """Expressions and directives of Terraform, and the templates of Prefect, are no mistakes."""
    assert expression_problem(text) is None


@pytest.mark.parametrize("value", ["text", 5, 0.5, True, None, [], ["a"], {}, {"a": "b"}, object()])
def test_known(value: object) -> None:
    """Plain values are known."""
    assert not is_unresolved(value)


def test_unknown_is_not_checked(stack: TerraformStack) -> None:
    """A token stands for any value of its attribute, also where choices or a form are declared."""
    pool = pc.WorkPool(stack, "p", name="p")
    trigger: Any = {"event": {"posture": pool.type, "expect": [pool.name]}}
    pc.PrefectAutomation(stack, "a", name=pool.name, trigger=trigger, actions=[{"type": pool.type}])  # type: ignore[typeddict-item]
    assert Template.from_stack(stack).errors() == []


def test_across_stacks(tmp_path: Path) -> None:
    """A token of another stack becomes an output of that one and a reference to it."""
    app = new_app(tmp_path)
    first, second = TerraformStack(app, "first"), TerraformStack(app, "second")
    for one in (first, second):
        pc.PrefectProvider(one, "prefect")
    pool = pc.WorkPool(first, "p", name="p")
    pc.Deployment(second, "d", flow_name="f", work_pool=pool, parameters={"pool": pool.id})
    app.synth()
    document = json.loads((tmp_path / "stacks" / "second" / "cdk.tf.json").read_text(encoding="utf-8"))
    found = document["resource"]["prefect_deployment"]["d"]
    assert found["work_pool_name"].startswith("${data.terraform_remote_state.")
    assert found["parameters"].startswith('{"pool":${jsonencode(data.terraform_remote_state.')

"""What whole apps come to, on both runtimes and in the eyes of the real terraform."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.constructs.conftest import RunPython
from tests.environment.terraform import ROOT, Workspace

EVERY_KIND = Path(__file__).with_name("every_kind.py")
SNAPSHOT = Path(__file__).with_name("main.json")
NOWHERE = "http://127.0.0.1:9/api"


FORMS = {"cdktf": ["json"], "cdktn": ["json", "hcl", "cloud-json", "cloud-hcl"]}
"""In what forms the stack of every kind is needed, by runtime."""


def normal(text: str) -> str:
    """JSON with one spelling of empty objects, in which the runtimes differ."""
    return json.dumps(json.loads(text), indent=2) + "\n"


class EveryKind:
    """The stack of every kind, synthesized once for all tests of this module that want a runtime."""

    def __init__(self) -> None:
        """Nothing is synthesized yet."""
        self._known: dict[str, dict[str, str]] = {}

    def __call__(self, run_python: RunPython, runtime: str, form: str) -> str:
        """What it comes to."""
        if runtime not in self._known:
            self._known[runtime] = json.loads(run_python(EVERY_KIND, runtime, *FORMS[runtime]))
        return self._known[runtime][form]


@pytest.fixture(scope="module")
def every_kind() -> EveryKind:
    """A function that gives the stack of every kind: `every_kind(run_python, "cdktn", "hcl")`."""
    return EveryKind()


@pytest.fixture(scope="module")
def main_app(tmp_path_factory: pytest.TempPathFactory) -> Callable[[RunPython, str], dict[str, Any]]:
    """A function that synthesizes `main.py` on a runtime, and returns it without what is of the machine."""

    def synthesize(run_python: RunPython, runtime: str) -> dict[str, Any]:
        directory = tmp_path_factory.mktemp(runtime)
        program = (ROOT / "main.py").read_text(encoding="utf-8").replace("from cdktn", f"from {runtime}")
        copy = directory / "main.py"
        copy.write_text(program, encoding="utf-8")
        run_python(copy, env={"CDKTF_OUTDIR": str(directory / "out")})
        text = (directory / "out" / "stacks" / "prefect" / "cdk.tf.json").read_text(encoding="utf-8")
        document: dict[str, Any] = json.loads(text.replace(str(directory), "<directory of main.py>"))
        del document["//"]  # the runtime's version
        del document["terraform"]["backend"]  # a path of this machine
        return document

    return synthesize


@pytest.mark.parametrize("runtime", ["cdktf", "cdktn"])
def test_main(
    runtime: str, run_python: RunPython, main_app: Callable[[RunPython, str], dict[str, Any]]
) -> None:
    """The demo app comes to the committed configuration, on either runtime."""
    expected = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert main_app(run_python, runtime) == expected


def test_main_can_be_planned(terraform: Callable[..., Workspace]) -> None:
    """Terraform takes the demo app, and plans what it says."""
    workspace = terraform(json.loads(SNAPSHOT.read_text(encoding="utf-8")), provider=False)
    plan = workspace.plan()
    assert plan.warnings == []
    assert set(plan.actions().values()) == {("create",)}
    automation = next(one for one in plan.changes if one.address.startswith("prefect_automation."))
    assert automation.after["actions"][0]["parameters"] == '{"param_1":"{{ event }}"}'
    deployment = plan.change("prefect_deployment.my-deployment")
    assert deployment.after["flow_name"] == "decorated-fn"
    assert deployment.after["work_pool_name"] == "my-work-pool"


def test_same_on_both_runtimes(run_python: RunPython, every_kind: EveryKind) -> None:
    """Every kind of resource, trigger, action, schedule and token is written alike, to the byte."""
    cdktf, cdktn = (normal(every_kind(run_python, runtime, "json")) for runtime in ("cdktf", "cdktn"))
    assert cdktf == cdktn


@pytest.mark.parametrize("form", ["json", "hcl"])
def test_every_kind_is_valid(
    form: str, run_python: RunPython, every_kind: EveryKind, terraform: Callable[..., Workspace]
) -> None:
    """Terraform finds no fault with any kind, in JSON or in the HCL of those who leave the CDK."""
    text = every_kind(run_python, "cdktn", form)
    workspace = terraform(json.loads(text) if form == "json" else text, api_url=None, provider=False)
    result = workspace.validate()
    assert result.errors == [], result.report()


def test_hcl_says_the_same(
    run_python: RunPython, every_kind: EveryKind, terraform: Callable[..., Workspace]
) -> None:
    """The HCL plans exactly what the JSON plans."""
    plans = []
    for form in ("json", "hcl"):
        text = every_kind(run_python, "cdktn", f"cloud-{form}")
        configuration = json.loads(text) if form == "json" else text
        workspace = terraform(configuration, api_url=NOWHERE, provider=False)
        # While the key is not known, no server is asked, and none says that it is not Prefect Cloud.
        workspace.write({"resource": {"terraform_data": {"key": {}}}}, "key")
        workspace.write({"provider": {"prefect": {"api_key": "${terraform_data.key.id}"}}}, "key_override")
        plans.append({one.address: one.after for one in workspace.plan().changes})
    assert plans[0] == plans[1]


def test_tokens_are_encoded_by_terraform(run_python: RunPython, terraform: Callable[..., Workspace]) -> None:
    """A token in a JSON document is what Terraform makes of it, quotes and all."""
    program = (
        "import cdktn, prefect_constructs as pc\n"
        "stack = cdktn.TerraformStack(cdktn.Testing.app(), 's')\n"
        "pc.PrefectProvider(stack, 'prefect')\n"
        "text = cdktn.TerraformVariable(stack, 'text', type='string', default='a \"b\"\\nc')\n"
        "numbers = cdktn.TerraformVariable(stack, 'numbers', type='list(number)', default=[1, 2])\n"
        "pc.Deployment(stack, 'd', flow_name='f', description=pc.literal('${HOME}'), parameters={\n"
        "    'alone': text.string_value, 'within': f'<{text.string_value}>', 'numbers': numbers.list_value,\n"
        "    'raw': '${var.text}', 'shell': pc.literal('${HOME} %{x}'), 'template': '{{ event }}'})\n"
        "print(cdktn.Testing.synth(stack))"
    )
    configuration = json.loads(run_python("-c", program))
    plan = terraform(configuration, api_url=NOWHERE, provider=False).plan()
    after = plan.change("prefect_deployment.d").after
    assert after["description"] == "${HOME}"
    assert json.loads(after["parameters"]) == {
        "alone": 'a "b"\nc',
        "within": '<a "b"\nc>',
        "numbers": [1, 2],
        "raw": 'a "b"\nc',
        "shell": "${HOME} %{x}",
        "template": "{{ event }}",
    }


def test_lists_and_nulls(run_python: RunPython, terraform: Callable[..., Workspace]) -> None:
    """A list that Terraform works out, and a null inside of a value, reach the plan from JSON and from HCL."""
    program = (
        "import cdktn, json, prefect_constructs as pc\n"
        "stack = cdktn.TerraformStack(cdktn.Testing.app(), 's')\n"
        "pc.PrefectProvider(stack, 'prefect')\n"
        "names = cdktn.TerraformVariable(stack, 'names', type='list(string)', default=['a', 'b'])\n"
        "pc.Variable(stack, 'v', tags=names.list_value, value={\n"
        "    'names': names.list_value, 'null': None, 'list': [1, None], 'inside': {'null': None, 'text': 'null'}})\n"
        "print(json.dumps([cdktn.Testing.synth(stack), cdktn.Testing.synth_hcl(stack)]))"
    )
    as_json, as_hcl = json.loads(run_python("-c", program))
    for configuration in (json.loads(as_json), as_hcl):
        after = (
            terraform(configuration, api_url=NOWHERE, provider=False)
            .plan()
            .change("prefect_variable.v")
            .after
        )
        assert sorted(after["tags"]) == ["a", "b"]
        assert after["value"] == {
            "names": ["a", "b"],
            "null": None,
            "list": [1, None],
            "inside": {"null": None, "text": "null"},
        }


def test_app_fails_with_the_construct(run_python: RunPython) -> None:
    """An app with a mistake ends with the construct's error, not with one of Node."""
    program = (
        "import cdktn, prefect_constructs as pc\n"
        "stack = cdktn.TerraformStack(cdktn.App(), 'MyStack')\n"
        "try:\n"
        "    pc.WorkPool(stack, 'pool', name='p', concurrency_limit=-1)\n"
        "except ValueError as error:\n"
        "    print(type(error).__name__, error)"
    )
    text = run_python("-c", program).strip()
    assert re.fullmatch(r"PrefectConstructError MyStack/pool: concurrency_limit: Expected .*, got -1\.", text)

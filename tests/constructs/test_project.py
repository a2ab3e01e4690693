"""A whole `prefect.yaml` as a construct: what it makes, what is looked up, and the line of what cannot be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import prefect_constructs as pc
from prefect_constructs.testing import Template
from tests.constructs.stacks import new_stack

if TYPE_CHECKING:
    from pathlib import Path

FLOW = '''
from prefect import flow

@flow(version="3")
def etl(day: str, retries: int = 3):
    """Loads a day."""
'''
ENTRY = "deployments:\n- name: d\n  entrypoint: flows.py:etl\n  pull: []\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a flow."""
    (tmp_path / "flows.py").write_text(FLOW, encoding="utf-8")
    return tmp_path


def made(directory: Path, text: str, **arguments: Any) -> Template:
    """A stack with the file."""
    (directory / "prefect.yaml").write_text(text, encoding="utf-8")
    stack = new_stack()
    pc.PrefectYaml(stack, "p", directory / "prefect.yaml", **arguments)
    return Template.from_stack(stack)


def test_what_the_code_says(directory: Path) -> None:
    """The flow's parameters, description and version are taken from the code, as `prefect deploy` takes them."""
    template = made(directory, ENTRY)
    (found,) = template.resources("prefect_deployment").values()
    assert found["description"] == "Loads a day."
    assert found["version"] == "3"
    assert '"required":["day"]' in found["parameter_openapi_schema"]
    assert found["pull_steps"] == []
    (found,) = made(directory, ENTRY.replace("  pull: []\n", "")).resources("prefect_deployment").values()
    assert found["pull_steps"] == [{"type": "set_working_directory", "directory": str(directory)}]


def test_code_that_is_not_there(tmp_path: Path) -> None:
    """It is said, as what it says is missing."""
    (tmp_path / "prefect.yaml").write_text(ENTRY, encoding="utf-8")
    stack = new_stack()
    pc.PrefectYaml(stack, "p", tmp_path / "prefect.yaml")
    template = Template.from_stack(stack)
    assert any("the code of flows.py:etl is not in" in one for one in template.warnings())


def test_variables_and_blocks_are_looked_up_once(directory: Path) -> None:
    """What is not given is looked up by Terraform, once for all places."""
    text = ENTRY + (
        '  version: "{{ prefect.variables.version }}"\n'
        '  tags: ["v{{ prefect.variables.version }}"]\n'
        '  parameters: {day: "{{ prefect.blocks.secret.token }}", retries: "{{ prefect.blocks.s3.b.depth[0] }}"}\n'
    )
    template = made(directory, text)
    (variable,) = template.data_sources("prefect_variable")
    assert len(template.data_sources("prefect_block")) == 2
    (found,) = template.resources("prefect_deployment").values()
    assert found["version"] == f"${{data.prefect_variable.{variable}.value}}"
    assert f"data.prefect_variable.{variable}.value" in found["tags"][0]
    assert ".value" in found["parameters"]
    given = made(
        directory, text, variables={"version": "7"}, blocks={"secret.token": "s", "s3.b": {"depth": [4]}}
    )
    (found,) = given.resources("prefect_deployment").values()
    assert (found["version"], found["tags"], found["parameters"]) == ("7", ["v7"], '{"day":"s","retries":4}')
    assert given.data_sources("prefect_variable") == {}


def test_environment_and_steps(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is that of the process unless one is given; steps whose output is given have been run."""
    text = "build:\n- my.steps.build: {id: image}\n" + ENTRY + '  version: "{{ $STAGE }}-{{ image.tag }}"\n'
    monkeypatch.setenv("STAGE", "test")
    (found,) = made(directory, text, outputs={"image": {"tag": "t"}}).resources("prefect_deployment").values()
    assert found["version"] == "test-t"
    (found,) = (
        made(directory, text, outputs={"image": {"tag": "t"}}, environment={"STAGE": "s"})
        .resources("prefect_deployment")
        .values()
    )
    assert found["version"] == "s-t"
    with pytest.raises(pc.PrefectConstructError, match=r"line 1, build: there is no `build` in Terraform"):
        made(directory, text)


def test_nothing_of_a_file_is_an_expression(directory: Path) -> None:
    """What Terraform would work out is text, as it is for `prefect deploy`."""
    text = ENTRY + "  description: echo ${HOME} %{x}\n"
    (found,) = made(directory, text).resources("prefect_deployment").values()
    assert found["description"] == "echo $${HOME} %%{x}"


def test_given_triggers_come_in_the_place_of_the_files(directory: Path) -> None:
    """JSON, and files of YAML and JSON, as `prefect deploy --trigger` takes them."""
    text = ENTRY + "  triggers: [{name: not-this, expect: [never]}]\n"
    (directory / "t.yaml").write_text("triggers: [{expect: [b]}, {expect: [c]}]", encoding="utf-8")
    (directory / "t.json").write_text('{"triggers": [{"expect": ["d"]}]}', encoding="utf-8")
    template = made(directory, text, triggers={"d": ['{"expect": ["a"]}', "t.yaml", "t.json"]})
    found = template.resources("prefect_automation").values()
    assert {one["name"]: one["trigger"]["event"]["expect"] for one in found} == {
        f"d__automation_{n}": [event] for n, event in enumerate("abcd", start=1)
    }
    (directory / "t.yaml").write_text("triggers:\n- {expct: [b]}", encoding="utf-8")
    with pytest.raises(pc.PrefectConstructError, match=r"t\.yaml: line 2, triggers\[0\]\.expct: an event"):
        made(directory, text, triggers={"d": ["t.yaml"]})
    with pytest.raises(pc.PrefectConstructError, match="triggers for a deployment of the file"):
        made(directory, text, triggers={"e": []})


def test_some_of_it_with_pools(directory: Path) -> None:
    """Some deployments can be taken, and pools be given as constructs."""
    (directory / "prefect.yaml").write_text(
        ENTRY + "  work_pool: {name: fast}\n- {name: e, entrypoint: 'flows.py:etl'}\n", encoding="utf-8"
    )
    stack = new_stack()
    pool = pc.WorkPool(stack, "pool", name="fast", type="process")
    project = pc.PrefectYaml(stack, "p", directory / "prefect.yaml", only=["d"], work_pools={"fast": pool})
    assert list(project.deployments) == ["d"]
    (found,) = Template.from_stack(stack).resources("prefect_deployment").values()
    assert found["work_pool_name"] == "${prefect_work_pool.pool.name}"
    with pytest.raises(pc.PrefectConstructError, match='has no deployment "dd"'):
        pc.PrefectYaml(stack, "q", directory / "prefect.yaml", only=["dd"])


def test_one_deployment(directory: Path) -> None:
    """It is a deployment like any other."""
    text = ENTRY + "  triggers: [{expect: [a]}]\n- {name: e, entrypoint: 'flows.py:etl'}\n"
    (directory / "prefect.yaml").write_text(text, encoding="utf-8")
    stack = new_stack()
    deployment = pc.Deployment.from_prefect_yaml(stack, "p", directory / "prefect.yaml", "d")
    deployment.on(pc.EventTrigger(expect="b"))
    template = Template.from_stack(stack)
    template.resource_count("prefect_deployment", 1)
    assert {one["name"] for one in template.resources("prefect_automation").values()} == {
        "d__automation_1",
        "d__automation_2",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            ENTRY + "  descripton: x",
            r"prefect\.yaml: line 5, deployments\[0\]\.descripton: a deployment has no",
        ),
        (
            ENTRY + '  version: "{{ $NOT_SET_AT_ALL }}"',
            r"line 5, deployments\[0\]\.version: `prefect deploy` renders",
        ),
        (
            ENTRY + "  flow_name: other",
            r"line 5, deployments\[0\]\.flow_name: the flow of flows\.py:etl is",
        ),
        (
            "deployments:\n- {name: d, entrypoint: 'flows.py:no'}",
            r"line 2, deployments\[0\]\.entrypoint: .* no function",
        ),
        ("a: [", "line 1"),
    ],
)
def test_what_is_refused(directory: Path, text: str, said: str) -> None:
    """The error names the file, the line and the key."""
    with pytest.raises(pc.PrefectConstructError, match=said):
        made(directory, text)


def test_a_name_that_only_terraform_works_out(directory: Path) -> None:
    """It is refused with what to give, and taken once that is given."""
    text = ENTRY.replace("name: d", 'name: "d-{{ prefect.variables.stage }}"')
    with pytest.raises(pc.PrefectConstructError, match="that only Terraform works out"):
        made(directory, text)
    [deployment] = made(directory, text, variables={"stage": "test"}).resources("prefect_deployment").values()
    assert deployment["name"] == "d-test"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is an error of the argument."""
    with pytest.raises(pc.PrefectConstructError, match=r"file: .*prefect\.yaml cannot be read"):
        pc.PrefectYaml(new_stack(), "p", tmp_path / "prefect.yaml")

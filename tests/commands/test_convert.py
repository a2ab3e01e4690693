"""`prefect-iac convert` writes code for a `prefect.yaml` or a Python file, or says what of it cannot be taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prefect_iac.commands.main import main

if TYPE_CHECKING:
    from pathlib import Path

FLOW = "from prefect import flow\n@flow\ndef etl(day: str = ''):\n    pass\n"
DOCUMENT = """\
deployments:
- name: "nightly-{{ $STAGE }}"
  entrypoint: flows.py:etl
  version: "{{ prefect.variables.version }}"
  tags: ["{{ prefect.variables.version }}"]
  parameters: {x: "{{ prefect.blocks.secret.d }}${A}"}
  work_pool: {name: fast, work_queue_name: q, job_variables: {image: "i:{{ build.tag }}"}}
  pull: []
  schedules: [{cron: 0 3 * * *, timezone: Europe/Berlin}]
  triggers:
  - {name: own, enabled: false, expect: [a.b], within: 60, schedule_after: PT1M, parameters: {day: "{{ event.day }}"}}
"""

HCL = """\
terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}

variable "stage" {
  type        = string
  description = "STAGE of the environment."
}

data "prefect_variable" "version" {
  name = "version"
}

data "prefect_block" "secret_d" {
  type_slug = "secret"
  name      = "d"
}

resource "prefect_deployment" "nightly_stage" {
  name      = "nightly-${var.stage}"
  flow_name = "etl"
  job_variables = jsonencode({
    image = "i:1"
  })
  work_pool_name  = "fast"
  work_queue_name = "q"
  version         = data.prefect_variable.version.value
  entrypoint      = "flows.py:etl"
  tags            = [data.prefect_variable.version.value]
  parameters = jsonencode({
    x = "${jsondecode(data.prefect_block.secret_d.data)["value"]}$${A}"
  })
  parameter_openapi_schema = provider::prefect::parameter_schema("${path.module}/flows.py:etl")
  pull_steps               = []
  schedules = {
    cron = {
      cron     = "0 3 * * *"
      timezone = "Europe/Berlin"
    }
  }
}

resource "prefect_automation" "nightly_stage_1" {
  name    = "own"
  enabled = false
  trigger = {
    event = {
      posture = "Reactive"
      expect  = ["a.b"]
      within  = 60
    }
  }
  actions = [
    {
      type          = "run-deployment"
      deployment_id = prefect_deployment.nightly_stage.id
      parameters = jsonencode({
        day = "{{ event.day }}"
      })
      schedule_after = 60
    },
  ]
}
"""

PYTHON = '''\
"""The deployments of prefect.yaml, and what triggers them."""

import os
from pathlib import Path

from cdktn import App, Fn, TerraformStack, Token

from prefect_constructs import (
    Cron,
    DataPrefectBlock,
    DataPrefectVariable,
    Deployment,
    EventTrigger,
    PrefectProvider,
    literal,
)

CODE = Path(__file__).resolve().parent


class Project(TerraformStack):
    """The deployments, and an automation for each trigger."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")
        variable_version = DataPrefectVariable(self, "variable_version", name="version")
        block_secret_d = DataPrefectBlock(self, "block_secret_d", type_slug="secret", name="d")

        nightly_stage = Deployment(
            self,
            "nightly-stage",
            name="nightly-" + os.environ["STAGE"],
            entrypoint="flows.py:etl",
            version=variable_version.value,
            tags=[variable_version.value],
            parameters={
                "x": Token.as_string(Fn.lookup_nested(Fn.jsondecode(block_secret_d.data), ["value"])) + literal("${A}"),
            },
            schedules={"cron": Cron("0 3 * * *", timezone="Europe/Berlin")},
            work_pool="fast",
            work_queue="q",
            job_variables={"image": "i:1"},
            pull_steps=[],
            code=CODE,
            parameter_schema_from_code=True,
        )
        nightly_stage.on(
            EventTrigger(expect=["a.b"], within=60),
            parameters={"day": "{{ event.day }}"},
            schedule_after=60,
            name="own",
            enabled=False,
        )


if __name__ == "__main__":
    app = App()
    Project(app, "project")
    app.synth()
'''


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A project."""
    (tmp_path / "flows.py").write_text(FLOW, encoding="utf-8")
    (tmp_path / "prefect.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("language", "expected"), [("hcl", HCL), ("python", PYTHON)])
def test_code_is_written(directory: Path, language: str, expected: str) -> None:
    """Placeholders become variables and look-ups, automations refer to their deployment, and the code reads well."""
    out = directory / "code"
    options = ["--to", language, "--out", str(out), "--output", "build.tag=1"]
    assert main(["convert", str(directory / "prefect.yaml"), *options]) == 0
    assert out.read_text(encoding="utf-8") == expected


def test_python_files_are_converted(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Calls of the SDK become the same objects; texts are no templates there."""
    call = 'etl.deploy(name="d", work_pool_name="p", image="i:1", description="{{ $X }}", cron="0 3 * * *")\n'
    (directory / "flows.py").write_text(FLOW + call, encoding="utf-8")
    assert main(["convert", str(directory / "flows.py"), "--code", str(directory)]) == 0
    written = capsys.readouterr().out
    assert 'entrypoint     = "flows.py:etl"' in written or '"flows.py:etl"' in written
    assert "{{ $X }}" in written
    assert "pull_steps" not in written


def test_triggers_in_the_place_of_the_files(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As those of `prefect deploy --trigger`, also when the name has a placeholder."""
    (directory / "prefect.yaml").write_text(
        "deployments:\n- {name: d, entrypoint: 'flows.py:etl', triggers: [{expect: [never]}]}\n",
        encoding="utf-8",
    )
    assert main(["convert", str(directory / "prefect.yaml"), "--trigger", 'd={"expect": ["given"]}']) == 0
    written = capsys.readouterr().out
    assert '["given"]' in written
    assert "never" not in written


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "prefect.yaml: line 7, deployments[0].work_pool.job_variables.image: `prefect deploy` renders"),
        (["--output", "x"], "--output: expected STEP.KEY=VALUE"),
        (["--trigger", "x"], "--trigger: expected DEPLOYMENT=TRIGGER"),
        (["--output", "build.tag=1", "--trigger", "x={}"], "triggers for a deployment of the file"),
        (["--output", "build.tag=1", "--out", "/nowhere/at/all"], "cannot be written"),
    ],
)
def test_what_cannot_be_taken(
    directory: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is one line with the file's line, and nothing is written."""
    assert main(["convert", str(directory / "prefect.yaml"), *options]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(("name", "text"), [("prefect.yaml", "name: p\n"), ("flows.py", FLOW)])
def test_a_file_without_deployments(
    directory: Path, name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to convert, which is said rather than written."""
    (directory / name).write_text(text, encoding="utf-8")
    assert main(["convert", str(directory / name)]) == 1
    assert "has no deployments" in capsys.readouterr().err


def test_names_that_look_alike_stay_apart(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has a name of its own in the code, however alike they are."""
    (directory / "prefect.yaml").write_text(
        "deployments: [{name: d, entrypoint: 'flows.py:etl', tags: ['{{ $A_B }}', '{{ $A__B }}', '{{ $A_B }}']}]\n",
        encoding="utf-8",
    )
    assert main(["convert", str(directory / "prefect.yaml")]) == 0
    written = capsys.readouterr().out
    assert "[var.a_b, var.a_b_2, var.a_b]" in written
    assert written.count('variable "') == 2


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("work_pool: '{{ prefect.variables.p }}'", 'got "{{ prefect.variables.p }}"'),
        (
            "triggers: [{expect: [a], threshold: '{{ prefect.variables.t }}'}]",
            "line 2, triggers[0]: a placeholder of t cannot stand here",
        ),
    ],
)
def test_where_no_placeholder_can_stand(
    directory: Path, key: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is an error that shows it as it was written; nothing of it is lost."""
    (directory / "prefect.yaml").write_text(
        f"deployments:\n- {{name: d, entrypoint: 'flows.py:etl', {key}}}\n", encoding="utf-8"
    )
    assert main(["convert", str(directory / "prefect.yaml")]) == 1
    assert said.replace("triggers[0]", "deployments[0].triggers[0]") in capsys.readouterr().err


@pytest.mark.parametrize("name", ["$stage", "$STAGE", "STAGE"])
def test_names_of_the_environment(directory: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They may be of any letters behind a dollar sign; without it, small ones are those of build steps."""
    (directory / "prefect.yaml").write_text(
        f'deployments: [{{name: d, entrypoint: "flows.py:etl", version: "{{{{ {name} }}}}"}}]\n',
        encoding="utf-8",
    )
    assert main(["convert", str(directory / "prefect.yaml")]) == 0
    assert "= var.stage\n" in capsys.readouterr().out


def test_warnings_have_placeholders_as_they_are_written(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the name of the deployment, and in what is said of it."""
    (directory / "prefect.yaml").write_text(
        "deployments: [{name: 'd-{{ $STAGE }}', entrypoint: '{{ $FILE }}.py:etl'}]\n", encoding="utf-8"
    )
    assert main(["convert", str(directory / "prefect.yaml")]) == 0
    assert "prefect.yaml: d-{{ $STAGE }}: the code of {{ $FILE }}.py:etl is not in" in capsys.readouterr().err


_AUTOMATION = "trigger: {type: event, posture: Reactive}, actions: [{type: do-nothing}]"
_NAMES = (
    "a/b",
    "a ${x} %{y}",
    "A ${x} %{y}",
    "prefect",
    "x*y [z] !",
    "日本",
    "中文",
    "1a",
    "ab",
    "a b",
    "quo'te\"",
)


def _made(directory: Path, file: str, type_: str) -> list[str]:
    """The names of what the converted program makes, which is run without Node."""
    program = directory / "out.py"
    assert main(["convert", str(directory / file), "--to", "python", "--out", str(program)]) == 0
    assert main(["synth", str(program), "--output", str(directory / "out")]) == 0
    stack = json.loads((directory / "out" / "stacks" / "project" / "cdk.tf.json").read_text(encoding="utf-8"))
    return sorted(one["name"] for one in stack["resource"][type_].values())


def test_any_name_gives_a_program_that_runs(directory: Path) -> None:
    """Also one that can be no id, is taken, or is a word of Python; each object has its own name."""
    automations = "".join(f"- {{name: {json.dumps(name)}, {_AUTOMATION}}}\n" for name in _NAMES)
    (directory / "automations.yaml").write_text(automations, encoding="utf-8")
    written = {name.replace("${", "$${").replace("%{", "%%{") for name in _NAMES}
    assert _made(directory, "automations.yaml", "prefect_automation") == sorted(written)

    names = [
        *(name for name in _NAMES if not set("/%") & set(name)),
        *("super", "os", "self", "literal", "class", "app", "variable_v", "variable v"),
    ]
    entries = "".join(
        f"- {{name: {json.dumps(name)}, entrypoint: 'flows.py:etl', triggers: [{{expect: [a]}}]}}\n"
        for name in names
    )
    head = "deployments:\n- {name: first, entrypoint: 'flows.py:etl', tags: ['{{ prefect.variables.v }}', '${x}']}\n"
    (directory / "prefect.yaml").write_text(head + entries, encoding="utf-8")
    assert _made(directory, "prefect.yaml", "prefect_deployment") == sorted(["first", *names])


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbffrom prefect import flow\n", b"# -*- coding: latin-1 -*-\nfrom prefect import flow\n"],
)
def test_programs_in_encodings_of_their_own(
    directory: Path, text: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are read as Python reads them."""
    name = "\N{LATIN SMALL LETTER E WITH ACUTE}".encode("latin-1" if b"latin" in text else "utf-8")
    (directory / "flows.py").write_bytes(text + b"@flow\ndef etl(): ...\netl.serve('" + name + b"')\n")
    assert main(["convert", str(directory / "flows.py")]) == 0
    assert '= "\N{LATIN SMALL LETTER E WITH ACUTE}"\n' in capsys.readouterr().out


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said."""
    assert main(["convert", str(tmp_path / "prefect.yaml")]) == 1
    assert "cannot be read: No such file" in capsys.readouterr().err

"""The runtime without Node writes what the CDK writes, to the byte, and says what is wrong in the same words."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefect_constructs.native.writing import json_lines, without_notes
from tests.constructs.conftest import HERE, RunPython
from tests.environment.terraform import ROOT

pytestmark = pytest.mark.measured

NATIVE = "prefect_constructs.native"
SEEDS = [str(seed) for seed in range(40, 64)]

EXAMPLES = [
    ROOT / "main.py",
    *sorted((ROOT / "examples" / "python").glob("*.py")),
    *(
        program
        for kind in ("actions", "data-sources", "ephemeral-resources", "functions", "resources")
        for program in sorted((ROOT / "examples" / kind).glob("*/*.py"))
        if "import App" in program.read_text(encoding="utf-8")
    ),
    ROOT / "examples" / "provider" / "provider.py",
]

WITHOUT_SERVER = (
    *("actions", "arguments", "deployment", "example_documents", "generated", "placement", "plain_values"),
    *("prefect_yaml", "references", "runs", "schedules", "sdk_objects", "stateless", "testing", "tokens"),
    *("trigger_testing", "triggers", "wording"),
)
"""The tests of the constructs that need neither a server nor Terraform, nor Node for itself."""


def stacks_below(directory: Path) -> dict[str, str]:
    """The text of each stack, by its place."""
    return {
        str(file.relative_to(directory)): file.read_text(encoding="utf-8")
        for file in sorted(directory.glob("**/cdk.tf.json"))
    }


def assert_same(cdk: Path, native: Path) -> int:
    """What is below both directories is the same apart from notes; returns how many stacks there are."""
    theirs, ours = stacks_below(cdk), stacks_below(native)
    assert ours.keys() == theirs.keys()
    for place, text in theirs.items():
        document, own = json.loads(text), json.loads(ours[place])
        # Only if the text is rebuilt from what it says, to the byte, can it be compared without its notes.
        assert json_lines(document) == text, place
        assert json_lines(own) == ours[place], place
        assert json_lines(without_notes(own)) == json_lines(without_notes(document)), place
        for part in ("stackName", "backend"):
            assert own["//"]["metadata"][part] == document["//"]["metadata"][part], place
        assert own["//"]["outputs"] == document["//"]["outputs"], place
    return len(theirs)


def test_examples(run_python: RunPython, tmp_path: Path) -> None:
    """Every example of the repository, as it is, written for the CDK."""
    runner = ROOT / "tests" / "examples" / "synthesize.py"
    for name, through in {"cdk": (), "native": ("-m", f"{NATIVE}.stand_in")}.items():
        (tmp_path / name).mkdir()
        run_python(*through, runner, *EXAMPLES, env={"CDKTF_OUTDIR": str(tmp_path / name)})
    assert assert_same(tmp_path / "cdk", tmp_path / "native") == len(EXAMPLES)


def test_language(run_python: RunPython, tmp_path: Path) -> None:
    """Variables, locals, functions, iterators, overrides, other providers, backends, references between stacks."""
    program = HERE / "language.py"
    outdirs = {name: tmp_path / name for name in ("cdktn", NATIVE)}
    for name, outdir in outdirs.items():
        outdir.mkdir()
        run_python(program, name, outdir)
    assert assert_same(outdirs["cdktn"], outdirs[NATIVE]) == 5
    manifests = [json.loads((outdir / "manifest.json").read_text("utf-8")) for outdir in outdirs.values()]
    for manifest in manifests:
        del manifest["version"]
        for stack in manifest["stacks"].values():
            for one in stack["annotations"]:
                one.pop("stacktrace", None)  # lines of Node's
    assert manifests[0] == manifests[1]


def test_any_stack(run_python: RunPython) -> None:
    """Stacks made at random come to the same bytes, or to the same error."""
    program = HERE / "any_stack.py"
    cdk, native = (json.loads(run_python(program, name, *SEEDS)) for name in ("cdktn", NATIVE))
    assert sum("error" not in one for one in cdk.values()) >= len(SEEDS) // 2
    for seed in SEEDS:
        cdk[seed].pop("hcl", None)
        assert native[seed] == cdk[seed], f"seed {seed}"


def test_any_expression(run_python: RunPython) -> None:
    """Values made at random, with tokens and calls in them, come to the same bytes, or are refused by both."""
    program, seeds = HERE / "any_expression.py", [str(seed) for seed in range(200)]
    cdk, native = (json.loads(run_python(program, name, *seeds)) for name in ("cdktn", NATIVE))
    assert sum(text != "refused" for text in cdk.values()) >= len(seeds) // 2
    for seed in seeds:
        assert native[seed] == cdk[seed], f"seed {seed}"


def test_every_kind(run_python: RunPython) -> None:
    """Every kind of resource, trigger, action, schedule and token."""
    program = HERE / "every_kind.py"
    cdk, native = (json.loads(run_python(program, name, "json", "cloud-json")) for name in ("cdktn", NATIVE))
    assert native == cdk


def test_the_constructs_behave_alike() -> None:
    """What the tests of the constructs say of the CDK is true on this runtime, errors and warnings included."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-x",
            "-m",
            "not terraform",
            "-k",
            "not hcl",
        ]
        + [str(HERE / f"test_{name}.py") for name in WITHOUT_SERVER],
        cwd=ROOT,
        env=os.environ | {"PREFECT_CONSTRUCTS_RUNTIME": "native"},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stdout


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('jsii', 'cdktn', 'cdktf', 'constructs'):
            raise AssertionError(f'{name} is imported')
sys.meta_path.insert(0, Blocked())
import subprocess
def popen(*command, **options):
    raise AssertionError(f'{command} is started')
subprocess.Popen = popen
"""


def test_without_node(run_python: RunPython, tmp_path: Path) -> None:
    """A program neither imports jsii, a CDK or its constructs, nor starts anything."""
    program = (
        f"{BLOCKED}\n"
        "from prefect_constructs.native import App, Fn, TerraformOutput, TerraformStack\n"
        "from prefect_constructs import Block, Deployment, EventTrigger, PrefectProvider, SendNotification, WorkPool\n"
        "from prefect_constructs.testing import Template\n"
        f"app = App(outdir={str(tmp_path)!r})\n"
        "stack = TerraformStack(app, 'stack')\n"
        "PrefectProvider(stack, 'prefect')\n"
        "pool = WorkPool(stack, 'pool')\n"
        "deployment = Deployment(stack, 'd', flow_name='f', work_pool=pool, parameters={'pool': pool.id})\n"
        "deployment.on(EventTrigger(expect='a'))\n"
        "TerraformOutput(stack, 'o', value=Fn.upper(deployment.id))\n"
        "app.synth()\n"
        "Template.from_stack(stack).resource_count('prefect_automation', 1)\n"
        "print(stack.node.path)"
    )
    text = run_python("-c", program, env={"PATH": str(tmp_path)})
    assert text.strip() == "stack"
    assert (tmp_path / "stacks" / "stack" / "cdk.tf.json").is_file()


def test_imports_nothing_slow(run_python: RunPython) -> None:
    """What only the provider needs, or only a test, is not loaded."""
    program = (
        "import sys, prefect_constructs.native\n"
        "from prefect_constructs import Automation, Deployment, EventTrigger, PrefectProvider, WorkPool\n"
        "slow = ('asyncio', 'httpx', 'google.protobuf', 'jinja2', 'jsonschema', 'pydantic', 'subprocess', 'tempfile')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    assert run_python("-c", program).strip() == "[]"


def test_what_it_does_not_have(run_python: RunPython) -> None:
    """A name that only the CDK has is named, with the way out; HCL as well."""
    program = (
        f"import {NATIVE} as native\n"
        "for ask in (lambda: native.TerraformAsset, lambda: native.Testing.synth_hcl(None),\n"
        "            lambda: native.App(hcl_output=True), lambda: native.Nonsense):\n"
        "    try:\n        ask()\n"
        "    except Exception as error:\n        print(type(error).__name__, error)"
    )
    lines = run_python("-c", program).splitlines()
    assert lines[0].startswith("ImportError `TerraformAsset` needs the CDK in Node")
    assert lines[1].startswith("SynthesisError HCL is written by the CDK alone")
    assert lines[2].startswith("PrefectConstructError App(...): hcl_output: HCL is written by the CDK alone")
    assert lines[3].startswith(
        "AttributeError module 'prefect_constructs.native' has no attribute 'Nonsense'"
    )


ERRORS: dict[str, tuple[str, str]] = {
    "stack": (
        "native.TerraformStack(app, 'a b')",
        "a b: id: Expected a name without spaces and without * ? [ ] { } !",
    ),
    "scope": (
        "native.TerraformVariable(None, 'v')",
        "TerraformVariable(...): scope: Expected an app, a stack or ano",
    ),
    "id": (
        "native.TerraformVariable(stack, '')",
        "s/TerraformVariable(...): id: Expected a name in its scope, as t",
    ),
    "taken": (
        "native.TerraformVariable(stack, 'v'), native.TerraformLocal(stack, 'v', 1)",
        "s/v: Another construct h",
    ),
    "no name": (
        "native.TerraformVariable(stack, 'Default').string_value",
        "s/Default: id: It has no name in Terraform",
    ),
    "no stack": (
        "native.TerraformVariable(app, 'v')",
        "v: scope: There is no stack around it. Make it in a `Terra",
    ),
    "type": ("native.TerraformVariable(stack, 'v', type=5)", "s/v: type: Expected text, got 5 (int)."),
    "flag": (
        "native.TerraformOutput(stack, 'o', value=1, sensitive='yes')",
        "s/o: sensitive: Expected True or False",
    ),
    "backend": (
        "native.S3Backend(stack, bucket='b', key='k', regoin='x')",
        "s/backend: There is no `regoin`. Did you m",
    ),
    "missing": ("native.S3Backend(stack, bucket='b')", "s/backend: key: Missing"),
    "provisioner": (
        "native.TerraformResource(stack, 'r', terraform_resource_type='x', provisioners=[{'type': 'local'}])",
        "s/r: provisioners[0]: Expected a mapping whose `type` is one of `file`, `local-exec`, `remote-exec`, got",
    ),
    "function": (
        "native.Fn.upper(5)",
        "Argument 1 of `upper`: Expected text, or a token of it, got 5 (int).",
    ),
    "quotes": ("native.Fn.upper('a \"b')", "Argument 1 of `upper`: Expected text without quotes, got"),
    "struct": (
        "native.Precondition(conditon='x')",
        "Precondition has no `conditon`: did you mean `condition`?",
    ),
    "override": (
        "flow.add_override('tags.first', 'x'), native.Testing.synth(stack)",
        "an override of `tags`: expected the number of an element of the list, got 'first'",
    ),
    "list": (
        "native.TerraformOutput(stack, 'o', value=[*names.list_value, 'b']), native.Testing.synth(stack)",
        "a list that Terraform works out cannot be a part of another one: use `Fn.concat([...])`",
    ),
    "provider": (
        "native.Testing.synth(stack, True)",
        "Validation failed with the following errors:\n  [s] Found resources without a matching provider construct.",
    ),
    "both": (
        "setattr(flow, 'count', 2), setattr(flow, 'for_each', each), native.Testing.synth(stack)",
        "s/f: for_each: `count` and `for_each` exclude each other. Remove one of them.",
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Callable[[RunPython], dict[str, str]]:
    """A function that makes each of the mistakes, and returns what is said of it."""
    known: dict[str, str] = {}

    def make(run_python: RunPython) -> dict[str, str]:
        if not known:
            program = tmp_path_factory.mktemp("errors") / "errors.py"
            program.write_text(
                "import json, sys\n"
                f"import {NATIVE} as native\n"
                "import prefect_constructs as pc\n"
                "said = {}\n"
                "for name, mistake in json.loads(sys.argv[1]).items():\n"
                "    app = native.Testing.app()\n"
                "    stack = native.TerraformStack(app, 's')\n"
                "    flow = pc.Flow(stack, 'f', tags=['a'])\n"
                "    each = native.TerraformIterator.from_list(['a'])\n"
                "    names = native.TerraformVariable(stack, 'names', type='list(string)')\n"
                "    try:\n        eval(mistake)\n"
                "    except (ValueError, TypeError, RuntimeError) as error:\n        said[name] = str(error)\n"
                "print(json.dumps(said))",
                encoding="utf-8",
            )
            mistakes = {name: mistake for name, (mistake, _) in ERRORS.items()}
            known.update(json.loads(run_python(program, json.dumps(mistakes))))
        return known

    return make


@pytest.mark.parametrize("name", ERRORS)
def test_mistakes(name: str, run_python: RunPython, said: Callable[[RunPython], dict[str, str]]) -> None:
    """What is wrong is said with its place, what was expected, and how to mend it."""
    text = said(run_python)[name]
    assert text.lower().startswith(ERRORS[name][1].lower()), text


@pytest.mark.parametrize(
    ("first", "stack", "message"),
    [
        ("cdktn", NATIVE, "got a TerraformStack of native. The constructs run on cdktn here. Import"),
        (
            NATIVE,
            "cdktn",
            "got a TerraformStack of cdktn. The constructs run on native here. Import `cdktn` before",
        ),
    ],
)
def test_mixture(first: str, stack: str, message: str, run_python: RunPython) -> None:
    """A stack of another runtime than the constructs' is named as such, with the ways out."""
    program = (
        f"import {first}\nfrom prefect_constructs import Flow\nimport {stack} as other\n"
        "try:\n    Flow(other.TerraformStack(other.Testing.app(), 's'), 'f')\n"
        "except ValueError as error:\n    print(error)"
    )
    assert message in run_python("-c", program)


def test_aspects_and_annotations(run_python: RunPython) -> None:
    """An aspect visits all that is in its scope and may change it; an error that is noted stops the synthesis."""
    program = (
        f"import {NATIVE} as native\nimport prefect_constructs as pc\n"
        "from prefect_constructs.testing import Template\n"
        "class Marked:\n"
        "    def visit(self, node):\n"
        "        if isinstance(node, pc.Flow):\n            node.add_override('labels.team', 'data')\n"
        "app = native.App(outdir=native.Testing.app().outdir)\n"
        "stack = native.TerraformStack(app, 's')\npc.PrefectProvider(stack, 'prefect')\n"
        "flow = pc.Flow(stack, 'f', labels={'a': 'b'})\nnative.Aspects.of(app).add(Marked())\n"
        "native.Aspects.of(stack).add(Marked())\n"
        "print(Template.from_stack(stack).resources('prefect_flow')['f']['labels'])\n"
        "native.Annotations.of(flow).add_error('no good')\n"
        "try:\n    app.synth()\nexcept native.SynthesisError as error:\n    print(error)"
    )
    lines = run_python("-c", program).splitlines()
    assert lines[0] == "{'a': 'b', 'team': 'data'}"
    assert lines[1:] == ['Encountered Annotations with level "ERROR":', "[s/f] no good"]


def test_attributes_of_ones_own(run_python: RunPython) -> None:
    """What classes of an app keep in their objects does not get in the way of the library's."""
    program = (
        f"import {NATIVE} as native\nimport prefect_constructs as pc\n"
        "class Mine(native.TerraformStack):\n"
        "    def __init__(self, app):\n"
        "        self._name = self._fqn = self._outputs = self._states = self.elements = 'mine'\n"
        "        super().__init__(app, 's')\n"
        "        self._overrides = self._children = self._metadata = self.id = 'mine'\n"
        "class Flow(pc.Flow):\n"
        "    def __init__(self, scope, id_):\n"
        "        super().__init__(scope, id_)\n"
        "        self._name = self._fqn = self._attributes = self._overrides = self._moved = 'mine'\n"
        "stack = Mine(native.Testing.app())\npc.PrefectProvider(stack, 'prefect')\n"
        "native.TerraformOutput(stack, 'o', value=Flow(stack, 'f').fqn)\n"
        "print(native.Testing.synth(stack, True))"
    )
    document = json.loads(run_python("-c", program))
    assert document["resource"]["prefect_flow"] == {"f": {"name": "f"}}
    assert document["output"]["o"]["value"] == "${prefect_flow.f}"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *(
            (0, "0"),
            (-0.0, "0"),
            (3.0, "3"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
        ),
        *((123456789.125, "123456789.125"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-10, "1.5e-10")),
        *((1e300, "1e+300"), (-1.25e25, "-1.25e+25"), (2**53 + 1, "9007199254740992"), (10**25, "1e+25")),
    ],
)
def test_numbers(number: Any, text: str) -> None:
    """A number is written as JavaScript writes it."""
    assert json_lines([number]) == f"[\n  {text}\n]"


def test_keys_in_the_order_of_utf_16() -> None:
    """Keys beyond the basic plane come before those at its end, as they do in JavaScript."""
    keys = ["\uffee", "\U0001d518", "a", "\ue000", "B"]
    assert list(json.loads(json_lines(dict.fromkeys(keys, 1)))) == [
        "B",
        "a",
        "\U0001d518",
        "\ue000",
        "\uffee",
    ]

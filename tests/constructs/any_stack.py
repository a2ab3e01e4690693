"""Stacks made at random, from a seed: objects of every kind that refer to each other, with options, tokens, overrides.

As a program it prints a JSON object of stacks by seed, as they are synthesized on a runtime to JSON and to HCL:
`any_stack.py cdktn 0 1 2`. Where the library refuses what was made up, the error stands for the stack.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from random import Random
from typing import Any

__all__ = ["AnyStack"]

OBJECTS = 12
"""How many objects a stack has at least."""

TEXTS = (
    *("plain", "", " spaced ", "zażółć", 'quo"te', "back\\slash", "new\nline", "{{ event.id }}", "{}", "[1]"),
    *(
        "$${HOME}",
        "%%{x}",
        "${var.region}",
        "a-${var.region}-b",
        "null",
        "true",
        "1.0",
        "\u2028",
        "\U0001d518",
    ),
)


class AnyStack:
    """A stack from a seed."""

    def __init__(self, cdk: Any, seed: int) -> None:
        """Fill a new stack of a runtime."""
        import prefect_constructs

        self.cdk = cdk
        self.pc: Any = prefect_constructs
        self.random = Random(seed)  # noqa: S311 - for tests
        self.stack = cdk.TerraformStack(cdk.Testing.app(), "MyStack")
        self.pc.PrefectProvider(self.stack, "prefect")
        self.region = cdk.TerraformVariable(self.stack, "region", type="string", default="eu")
        self.number = cdk.TerraformVariable(self.stack, "number", type="number", default=3)
        self.names = cdk.TerraformVariable(self.stack, "names", type="list(string)", default=["a"])
        self.other = self.pc.PrefectProvider(self.stack, "other", alias="other", endpoint="http://x.test/api")
        construct = cdk.Construct if hasattr(cdk, "Construct") else import_module("constructs").Construct
        self.scopes = [self.stack, construct(self.stack, "team"), construct(self.stack, "b c")]
        self.made: dict[str, list[Any]] = {}
        kinds: list[Callable[[str], Any]] = [
            *(self.flow, self.pool, self.queue, self.block, self.variable, self.deployment, self.automation),
            *(self.existing, self.mirror),
        ]
        for index, make in enumerate([*kinds, *self.random.choices(kinds, k=OBJECTS - len(kinds))]):
            self.add(make, f"o{index}")
        for index, one in enumerate(
            self.random.sample([one for made in self.made.values() for one in made], 3)
        ):
            self.cdk.TerraformOutput(
                self.stack, f"out{index}", value=self.random.choice([one.id, one.fqn, one.name])
            )

    def add(self, make: Callable[[str], Any], id_: str) -> None:
        """Make an object, and perhaps do to it what people do afterwards."""
        one = make(id_)
        if one is None:
            return
        self.made.setdefault(make.__name__, []).append(one)
        match self.random.randrange(8):
            case 0:
                one.add_override("description", self.text())
            case 1:
                one.add_override("lifecycle.ignore_changes", ["tags"])
            case 2 if one.for_each is None:
                one.count = 2
            case 3:
                one.node.add_dependency(self.region)
            case 4 if one.for_each is None and one.count is None:
                one.for_each = self.cdk.TerraformIterator.from_list(["x", "y"])

    # ------------------------------------------------------------------ values

    def maybe(self, **values: Any) -> dict[str, Any]:
        """Some of these arguments."""
        return {name: value for name, value in values.items() if self.random.random() < 0.4}

    def any_of(self, kind: str) -> Any:
        """An object of a kind that was made, if one was."""
        return self.random.choice(self.made[kind]) if self.made.get(kind) else None

    def scope(self) -> Any:
        """Where the next object is made."""
        return self.random.choice(self.scopes)

    def text(self) -> str:
        """A text, perhaps with a token."""
        text = self.random.choice(TEXTS)
        region: str = self.region.string_value
        return self.random.choice([text, text, region, f"{text}{region}"])

    def name(self) -> str:
        """A name that every object may have, perhaps a token."""
        region: str = self.region.string_value
        return self.random.choice(["n", "some-name", region, f"x-{region}"])

    def document(self, depth: int = 2) -> Any:
        """A value of JSON, tokens included."""
        kinds = 8 if depth else 6
        match self.random.randrange(kinds):
            case 0:
                return self.random.choice([True, False])
            case 1:
                return self.random.choice([0, -1, 2.5, 1e300, 2**53 + 1, 10**25, 0.1])
            case 2:
                return self.random.choice(
                    [self.number.number_value, self.region.string_value, self.names.list_value]
                )
            case 3 | 4 | 5:
                return self.text()
            case 6:
                return [self.document(depth - 1) for _ in range(self.random.randrange(3))]
        return self.mapping(depth - 1)

    def mapping(self, depth: int = 2) -> dict[str, Any]:
        """An object of JSON."""
        keys = self.random.sample(["a", "b c", "ü", "type", "//", "event"], self.random.randrange(4))
        return {key: self.document(depth) for key in keys}

    def tags(self) -> Any:
        """Tags in one of the ways to write them."""
        return self.random.choice(
            [["b", "a"], {"b", "a"}, ("c",), [], self.names.list_value, [self.region.string_value]]
        )

    def meta(self) -> dict[str, Any]:
        """Some of Terraform's meta-arguments."""
        lifecycle: dict[str, Any] = self.maybe(
            create_before_destroy=True,
            prevent_destroy=False,
            ignore_changes=self.random.choice(["all", ["name"]]),
            precondition=[{"condition": "${var.number > 0}", "error_message": "positive"}],
        )
        if self.made and self.random.random() < 0.3:
            kind = self.random.choice(sorted(self.made))
            one = self.any_of(kind)
            lifecycle["replace_triggered_by"] = [
                self.random.choice([one, one.id, "terraform_data.x", one.fqn])
            ]
        meta = self.maybe(provider=self.other, lifecycle=lifecycle)
        if self.made and self.random.random() < 0.3:
            meta["depends_on"] = [self.any_of(self.random.choice(sorted(self.made))), self.region]
        match self.random.randrange(8):
            case 0:
                meta["count"] = 2
            case 1:
                meta["count"] = self.cdk.TerraformCount.of(self.number.number_value)
            case 2:
                meta["for_each"] = self.cdk.TerraformIterator.from_list(self.names.list_value)
        return meta

    # ------------------------------------------------------------------ objects

    def flow(self, id_: str) -> Any:
        """A flow."""
        return self.pc.Flow(
            self.scope(), id_, **self.maybe(name=self.name(), tags=self.tags()), **self.meta()
        )

    def pool(self, id_: str) -> Any:
        """A work pool."""
        given = self.maybe(
            name=self.name(),
            type=self.random.choice(["process", self.region.string_value]),
            description=self.text(),
            concurrency_limit=self.random.choice([0, 5, self.number.number_value]),
            paused=self.random.choice([True, False, "${var.paused}"]),
            base_job_template={"job_configuration": self.mapping(), "variables": {"type": "object"}},
        )
        return self.pc.WorkPool(self.scope(), id_, **given, **self.meta())

    def queue(self, id_: str) -> Any:
        """A queue of one of the pools."""
        pool = self.any_of("pool")
        of = self.random.choice(
            [{"work_pool": pool}, {"work_pool_name": pool.name}, {"work_pool": "elsewhere"}]
        )
        given = self.maybe(priority=self.random.choice([1, pool.concurrency_limit]), description=self.text())
        follow = self.maybe(follow_replacements=False)
        return self.pc.WorkQueue(self.scope(), id_, **of, **given, **follow, **self.meta())

    def block(self, id_: str) -> Any:
        """A block."""
        return self.pc.Block(self.scope(), id_, type_slug="secret", data=self.mapping(), **self.meta())

    def variable(self, id_: str) -> Any:
        """A variable."""
        return self.pc.Variable(
            self.scope(), id_, value=self.document(3), **self.maybe(tags=self.tags()), **self.meta()
        )

    def deployment(self, id_: str) -> Any:
        """A deployment, with automations in it."""
        flow, pool, queue, block = (self.any_of(kind) for kind in ("flow", "pool", "queue", "block"))
        given = self.maybe(
            name=self.name(),
            schedules=self.random.choice(
                [[], [self.pc.Cron("0 3 * * *"), self.pc.Interval(3600)], {"a": self.pc.RRule("FREQ=DAILY")}]
            ),
            parameters=self.mapping(),
            job_variables=self.mapping(),
            tags=self.tags(),
            description=self.text(),
            paused=self.random.choice([True, pool.paused]),
            concurrency_limit=self.random.choice([1, self.number.number_value]),
            labels={"a": self.text()},
            storage_document_id=self.random.choice([block, block.id]),
            pull_steps=[{"type": "run_shell_script", "script": self.pc.literal("echo ${HOME}")}],
        )
        lane = self.random.choice([pool, "pool", pool.name])
        given |= self.random.choice([{}, {"work_queue": queue}, {"work_pool": lane, "work_queue": queue}])
        given |= self.random.choice([{}, {"work_pool": lane}])
        of: dict[str, Any] = self.random.choice(
            [{"flow": flow}, {"flow_name": flow}, {"flow": flow.id}, {"flow_name": "f"}]
        )
        made = self.pc.Deployment(self.scope(), id_, **of, **given, **self.meta())
        for _ in range(self.random.randrange(3)):
            made.on(self.trigger(), parameters=self.mapping(), **self.maybe(enabled=False, tags=self.tags()))
        return made

    def mirror(self, id_: str) -> Any:
        """A deployment as the provider has it."""
        given = self.maybe(parameters=json.dumps({"a": self.text()}), tags=self.tags(), version=self.text())
        return self.pc.PrefectDeployment(self.scope(), id_, flow_name="f", **given, **self.meta())

    def existing(self, id_: str) -> Any:
        """A deployment that is looked up."""
        made = self.pc.Deployment.from_name(
            self.scope(), id_, self.random.choice(["f", self.any_of("flow")]), "d"
        )
        if self.random.random() < 0.5:
            made.on(self.trigger())
        return made

    def automation(self, id_: str) -> Any:
        """An automation."""
        given = self.maybe(
            description=self.text(),
            enabled=self.random.choice([True, False]),
            actions_on_trigger=self.pc.DoNothing(),
            actions_on_resolve=[self.action(), self.action()],
        )
        return self.pc.Automation(
            self.scope(), id_, trigger=self.trigger(), actions=self.action(), **given, **self.meta()
        )

    def trigger(self, depth: int = 2) -> Any:
        """A trigger of any kind."""
        kind = self.random.randrange(5) if depth else 0
        if kind == 1:
            return self.any_of("deployment").when_failed() if self.made.get("deployment") else self.trigger(0)
        if kind in (2, 3):
            inner = [self.trigger(depth - 1) for _ in range(2)]
            class_ = self.pc.CompoundTrigger if kind == 2 else self.pc.SequenceTrigger
            return class_(triggers=inner, **self.maybe(within=60))
        given = self.maybe(
            match={"prefect.resource.id": self.random.choice(["a.*", ["b", "!c"], self.region.string_value])},
            after="first",
            for_each=["prefect.resource.id"],
            match_related={"prefect.resource.role": "flow"},
        )
        return self.pc.EventTrigger(expect=self.random.choice(["a.b", ["c", "d"], {"f", "e"}]), **given)

    def action(self) -> Any:
        """An action on any object that there is."""
        pool, block, queue = self.any_of("pool"), self.any_of("block"), self.any_of("queue")
        actions = [
            self.pc.PauseWorkPool(pool),
            self.pc.PauseWorkQueue(queue.id),
            self.pc.SendNotification(block, body="{{ event.id }} " + self.random.choice(["x", "$${a}"])),
            self.pc.CallWebhook(block, payload=self.mapping()),
            {"type": "cancel-flow-run"},
        ]
        if self.made.get("deployment"):
            actions.append(self.pc.RunDeployment(self.any_of("deployment"), parameters=self.mapping()))
        return self.random.choice(actions)

    # ------------------------------------------------------------------ text

    def synthesize(self) -> dict[str, str]:
        """What the stack comes to, in each form that the runtime has."""
        forms = {
            "json": str(self.cdk.Testing.synth(self.stack, True)),
            "again": str(self.cdk.Testing.synth(self.stack)),
        }
        if self.cdk.__name__ != "prefect_constructs.native":
            forms["hcl"] = str(self.cdk.Testing.synth_hcl(self.stack))
        return forms


def synthesized(cdk: Any, seed: int) -> dict[str, str]:
    """What the stack of a seed comes to, or why there is none."""
    import prefect_constructs

    try:
        return AnyStack(cdk, seed).synthesize()
    except prefect_constructs.PrefectConstructError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    runtime, *seeds = sys.argv[1:]
    library = import_module(runtime)
    json.dump({seed: synthesized(library, int(seed)) for seed in seeds}, sys.stdout)

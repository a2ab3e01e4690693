"""The provider's functions, for values that only Terraform knows.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_constructs.function_calls import any_call, number_call, text_call

if TYPE_CHECKING:
    from prefect_constructs._runtime import IResolvable

__all__ = ["PrefectFn"]


class PrefectFn:
    """The functions of the provider (Terraform 1.8 or newer).

    What they are given may be tokens. The CDK's own functions are in its `Fn`.
    """

    @staticmethod
    def event_resource_id(kind: str, id_: str) -> str:
        """The id that an object has in events: `prefect.deployment.<id>`, for `match` of a trigger.

        Resource types of Terraform may be given as well: `prefect_work_pool` is `work-pool`, `prefect_block`
        is `block-document`.

        Args:
            kind: The kind of object, such as `deployment`, `flow-run` or `work-pool`.
            id_: The object's id, such as `prefect_deployment.etl.id`; `*` for all of the kind.
        """
        return text_call("event_resource_id", kind, id_)

    @staticmethod
    def flow_name(entrypoint: str) -> str:
        """The name that Prefect gives the flow at an entrypoint.

        It is what the `@flow` decorator says, or the function's name with hyphens for underscores; the latter
        also where the file is not there.

        Args:
            entrypoint: Where the flow is: `path/to/file.py:function`, relative to Terraform's working
                directory.
        """
        return text_call("flow_name", entrypoint)

    @staticmethod
    def jinja(template: str) -> IResolvable:
        """A value that Prefect renders from a template: `{ "__prefect_kind" = "jinja", template = "..." }`.

        For the parameters of a `run-deployment` action: `parameters = jsonencode({ day =
        provider::prefect::jinja("{{ event.occurred }}") })`.

        Args:
            template: The template, such as `{{ event.payload.path }}`.
        """
        return any_call("jinja", template)

    @staticmethod
    def parameter_schema(entrypoint: str) -> str:
        """The schema of a flow's parameters, as JSON for `parameter_openapi_schema` of `prefect_deployment`.

        Args:
            entrypoint: Where the flow is: `path/to/file.py:function`, relative to Terraform's working
                directory.
        """
        return text_call("parameter_schema", entrypoint)

    @staticmethod
    def seconds(duration: str) -> float:
        """The seconds of a duration, for attributes such as `within` and `interval`.

        It is in words (`30m`, `1h30m`, `2 days`), in ISO 8601 (`PT30M`, `P1D`; a month has 30 days, a year
        365) or by the clock (`01:30:00`). Units are `w`, `d`, `h`, `m`, `s` and `ms`, and their names; the
        largest comes first.

        Args:
            duration: The duration, such as `30m`, `1h30m` or `PT30M`.
        """
        return number_call("seconds", duration)

    @staticmethod
    def yaml_automations(text: str) -> IResolvable:
        """The automations of a file in YAML or JSON, by name, each with the attributes of `prefect_automation`.

        The file has one, a list, or a list below `automations`, as `prefect automation create --from-file`
        takes them. Each is as the REST API takes it, as an object of Prefect's SDK is written out
        (`model_dump_json()`), or as `prefect automation inspect` prints it with `--yaml` or `--json`; what
        only the server sets, such as `id` and `owner_resource`, is left out. What the file does not say is
        null. What cannot be taken over is an error with its line and key.

        Args:
            text: The text of the file: `file("${path.module}/automations.yaml")`.
        """
        return any_call("yaml_automations", text)

    @staticmethod
    def yaml_deployments(text: str, *values: object) -> IResolvable:
        """The deployments of a `prefect.yaml`, by name, each with the attributes of `prefect_deployment`.

        What the file does not say is null. Whatever cannot be taken over (build steps, placeholders whose
        values are not given, a key that is misspelt ...) is an error with its line and key; nothing is left
        out in silence. Schedules without a slug are called by their kind: `cron`, `cron-2`. With `directory`,
        what `prefect deploy` takes from the flow's code is there as well: the flow's name, its parameters'
        schema, its description and version, and the pull step of a deployment without one.

        Args:
            text: The text of the file: `file("${path.module}/prefect.yaml")`.
            values: An object, once: what placeholders stand for, and where the code is: `environment` (of `{{
                $NAME }}`), `variables`, `blocks` (by `type.name`, a value or the block's data) and `outputs`
                (of build steps, by their `id`) are objects; `directory` is where `prefect deploy` would run,
                whose code is read; `triggers` are lists of texts, as `prefect deploy --trigger` takes them,
                by the deployment's name, which come in the place of the file's.
        """
        return any_call("yaml_deployments", text, *values)

    @staticmethod
    def yaml_triggers(text: str, *deployment_or_values: object) -> IResolvable:
        """The triggers of a `prefect.yaml`, or of a file for `prefect deploy --trigger`, by the automation's
        name.

        The name is the one that `prefect deploy` gives: `<deployment>__automation_<position>`. Each has what
        `prefect_automation` takes: `name`, `description`, `enabled` and `trigger`, and `action`, which runs
        the deployment once it is merged with its id: `actions = [merge(each.value.action, { deployment_id =
        ... })]`. `deployment` is the deployment's name. What cannot be taken over is an error with its line
        and key.

        Args:
            text: The text of the file: `file("${path.module}/prefect.yaml")`.
            deployment_or_values: For a trigger, or a file of triggers, in YAML or JSON: the name of the
                deployment that they run. For a `prefect.yaml`: an object, what placeholders stand for, and
                where the code is: `environment` (of `{{ $NAME }}`), `variables`, `blocks` (by `type.name`, a
                value or the block's data) and `outputs` (of build steps, by their `id`) are objects;
                `directory` is where `prefect deploy` would run, whose code is read; `triggers` are lists of
                texts, as `prefect deploy --trigger` takes them, by the deployment's name, which come in the
                place of the file's.
        """
        return any_call("yaml_triggers", text, *deployment_or_values)

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
    def yaml_deployments(text: str) -> IResolvable:
        """The deployments of a `prefect.yaml`, by name, each with the attributes of `prefect_deployment`.

        What the file does not say is null. Whatever cannot be taken over (build steps, templates that
        `prefect deploy` renders, a key that is misspelt ...) is an error with its line and key; nothing is
        left out in silence. Schedules without a slug are called by their kind, as in `prefect_constructs`.

        Args:
            text: The text of the file: `file("${path.module}/prefect.yaml")`.
        """
        return any_call("yaml_deployments", text)

    @staticmethod
    def yaml_triggers(text: str, *deployment: str) -> IResolvable:
        """The triggers of a `prefect.yaml`, or of a file for `prefect deploy --trigger`, by the automation's
        name.

        The name is the one that `prefect deploy` gives: `<deployment>__automation_<position>`. Each has what
        `prefect_automation` takes: `name`, `description`, `enabled` and `trigger`, and `action`, which runs
        the deployment once it is merged with its id: `actions = [merge(each.value.action, { deployment_id =
        ... })]`. `deployment` is the deployment's name. What cannot be taken over is an error with its line
        and key.

        Args:
            text: The text of the file: `file("${path.module}/prefect.yaml")`.
            deployment: For a file of triggers: the name of the deployment that they run, once.
        """
        return any_call("yaml_triggers", text, *deployment)

"""``jinja``: a parameter that Prefect works out when an automation fires."""

from __future__ import annotations

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import STRING, ObjectType
from prefect_provider.text.problem import say

__all__ = ["Jinja"]


class Jinja(Function):
    """A value that Prefect renders from a template: `{ "__prefect_kind" = "jinja", template = "..." }`.

    For the parameters of a `run-deployment` action: `parameters = jsonencode({ day = provider::prefect::jinja("{{
    event.occurred }}") })`.
    """

    name = "jinja"
    summary = "Value that Prefect renders from a template"
    parameters = (Parameter("template", STRING, "The template, such as `{{ event.payload.path }}`."),)
    returns = ObjectType({"__prefect_kind": STRING, "template": STRING})

    async def call(self, template: str) -> dict[str, str]:
        """Marked as Prefect has it, once the server would take the template."""
        from prefect_provider.rules.templates import faults

        errors = [fault for fault in faults(template) if fault.severity == "error"]
        if errors:
            several = "\n" in template
            said = (
                say(fault.message, where=f"line {fault.line}" if several else "", remedy=fault.remedy)
                for fault in errors
            )
            raise ArgumentError(" ".join(said), 0)
        return {"__prefect_kind": "jinja", "template": template}

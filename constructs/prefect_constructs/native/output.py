"""Outputs of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect_constructs.native.annotations import Annotations
from prefect_constructs.native.construct import Construct
from prefect_constructs.native.element import TerraformElement, check_given
from prefect_constructs.native.merging import merge, without_none
from prefect_constructs.native.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_constructs.native.expressions import ITerraformDependable

__all__ = ["TerraformOutput"]


class TerraformOutput(TerraformElement):
    """A value that a stack shows, and hands over to others."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        value: Any,
        depends_on: Sequence[ITerraformDependable] | None = None,
        description: str | None = None,
        precondition: Mapping[str, Any] | None = None,
        sensitive: bool | None = None,
        static_id: bool | None = None,
    ) -> None:
        """With ``static_id`` it is called as its id, also inside of other constructs."""
        super().__init__(scope, id)
        given = {"description": description, "sensitive": sensitive, "static_id": static_id}
        check_given(self, given, {"description": (str,), "sensitive": (bool,), "static_id": (bool,)})
        self.value = value
        self.depends_on = None if depends_on is None else list(depends_on)
        self.description = description
        self.precondition = precondition
        self.sensitive = sensitive
        if precondition is not None:
            what = 'a precondition is not written, as the CDK writes none: use `add_override("precondition", ...)`'
            Annotations.of(self).add_warning(what)
        if static_id:
            self.override_logical_id(self.node.id)

    @staticmethod
    def is_terraform_output(x: object) -> bool:
        """Whether it is an output."""
        return isinstance(x, TerraformOutput)

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        block = {
            "value": _shown(self.value),
            "description": self.description,
            "sensitive": self.sensitive,
            "depends_on": None if self.depends_on is None else [one.fqn for one in self.depends_on],
        }
        written = merge(without_none(block), self._raw_overrides)
        return {"output": {self.friendly_unique_id: written}}


def _shown(value: Any) -> Any:
    """The value, with addresses in the place of constructs."""
    if Token.is_unresolved(value):
        return value
    if isinstance(value, Construct) and hasattr(value, "fqn"):
        return value.fqn
    if isinstance(value, (list, tuple)):
        return [_shown(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _shown(one) for key, one in value.items()}
    return value

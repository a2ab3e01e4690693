"""What a plugin author subclasses: resources, data sources, ephemeral resources, functions and the provider.

An instance lives for one call. It is given the provider's client (whatever ``Provider.configure`` returned), the
diagnostics of the call to add warnings to, and the object's private data, which Terraform stores beside
the state and hands back; what the call leaves in it is stored.

Values are plain Python objects, see :mod:`.values`. Errors are raised: a :class:`~.diagnostics.ProviderError`, or
any exception, which becomes a diagnostic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from prefect_provider.plugin.declaration import Declaration
from prefect_provider.plugin.diagnostics import Diagnostic, Diagnostics, ProviderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from prefect_provider.plugin.planning import Plan
    from prefect_provider.plugin.types import Type
    from prefect_provider.plugin.values import Value, Values

__all__ = [
    "ArgumentError",
    "DataSource",
    "EphemeralResource",
    "Function",
    "Opened",
    "Parameter",
    "Provider",
    "Resource",
]


class _Called(Declaration):
    """A declaration of which one instance serves one call."""

    type_name: ClassVar[str] = ""

    def __init__(self, client: Any, diagnostics: Diagnostics, private: dict[str, Any] | None = None) -> None:
        self.client: Final = client
        self.diagnostics: Final = diagnostics
        self.private: Final = private if private is not None else {}

    async def validate(self, config: Values) -> None:
        """Report to ``self.diagnostics`` what is wrong with a configuration beyond what is declared.

        ``self.client`` is ``None`` here: Terraform validates before it configures the provider.
        """


class Resource(_Called):
    """An object that Terraform creates, changes and deletes."""

    schema_version: ClassVar[int] = 0

    async def plan(self, plan: Plan) -> None:
        """Adjust ``plan.planned`` where the declaration alone cannot say what will happen."""

    async def create(self, planned: Values, config: Values) -> Values:
        """Create the object and return all its attributes.

        ``planned`` has unknown values for what the server decides; ``config`` also has the write-only values.
        """
        raise NotImplementedError

    async def read(self, state: Values) -> Values | None:
        """The object's attributes as they are now; ``None`` if it no longer exists."""
        raise NotImplementedError

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Change the object from ``prior`` to ``planned`` and return all its attributes."""
        raise NotImplementedError

    async def delete(self, prior: Values) -> None:
        """Delete the object; that it is gone already is success."""
        raise NotImplementedError

    async def import_state(self, id_: str) -> Values | None:
        """The attributes of the existing object that ``terraform import`` names; ``None`` if there is none."""
        msg = f"{self.type_name} cannot be imported"
        raise ProviderError(msg, "Remove the import block and let Terraform create the object.")

    @classmethod
    def upgrade(cls, version: int, state: dict[str, Any]) -> dict[str, Any]:
        """The JSON state of an older ``schema_version``, rewritten as the current one has it."""
        return state

    @classmethod
    def move(
        cls, provider: str, type_name: str, version: int, state: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The JSON state of another resource type, rewritten as this one's; ``None`` where it cannot be."""
        return None


class DataSource(_Called):
    """An object that is only read."""

    async def read(self, config: Values) -> Values:
        """All attributes of the object that the configuration names."""
        raise NotImplementedError


class Opened(NamedTuple):
    """What opening, or renewing, an ephemeral resource gave."""

    values: Values
    renew_at: datetime | None = None
    """When Terraform must renew it, if it is still in use then."""


class EphemeralResource(_Called):
    """A value that is fetched when needed and never stored in state or plan."""

    async def open(self, config: Values) -> Opened:
        """Fetch the value; leave in ``self.private`` what ``renew`` and ``close`` need."""
        raise NotImplementedError

    async def renew(self) -> datetime | None:
        """Extend it; the time of the next renewal, or ``None``."""
        return None

    async def close(self) -> None:
        """Give it back."""


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    type: Type
    description: str
    allow_null: bool = False
    allow_unknown: bool = False


class ArgumentError(Exception):
    """Raise it in a function's ``call`` when an argument is wrong; ``index`` is the argument's position."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index


class Function:
    """A pure function that expressions call as ``provider::<local name>::<name>(...)``."""

    name: ClassVar[str]
    summary: ClassVar[str]
    parameters: ClassVar[Sequence[Parameter]] = ()
    variadic: ClassVar[Parameter | None] = None
    returns: ClassVar[Type]

    async def call(self, *arguments: Value) -> Value:
        """The result for these arguments."""
        raise NotImplementedError


class Provider(Declaration):
    """The plugin as a whole; its attributes are those of the ``provider`` block.

    The four ``*s`` methods return classes rather than hold them, so that importing the provider does
    not import every resource.
    """

    name: ClassVar[str]
    version: ClassVar[str]

    def resources(self) -> Sequence[type[Resource]]:
        """The resource types."""
        return ()

    def data_sources(self) -> Sequence[type[DataSource]]:
        """The data sources."""
        return ()

    def ephemeral_resources(self) -> Sequence[type[EphemeralResource]]:
        """The ephemeral resource types."""
        return ()

    def functions(self) -> Sequence[type[Function]]:
        """The functions."""
        return ()

    async def validate(self, config: Values, diagnostics: Diagnostics) -> None:
        """Report what is wrong with a provider block beyond what is declared."""

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """The client that resources are given; called once, before any object is touched."""
        return None

    def explain(self, error: Exception) -> Diagnostic | None:
        """The diagnostic for an exception of the provider's own libraries; ``None`` if it is a defect."""
        return None

    def stop(self) -> None:
        """Terraform asks to finish soon: end waits, start nothing new, lose nothing."""

    async def close(self) -> None:
        """Release connections; the process is about to end."""

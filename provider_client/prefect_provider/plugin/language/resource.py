"""What a plugin author subclasses for objects: resources, lists of them, data sources and ephemeral resources.

An instance lives for one call. It is given the provider's client (whatever ``Provider.configure`` returned), the
diagnostics of the call to add warnings to, and the object's private data, which Terraform stores beside
the state and hands back; what the call leaves in it is stored.

Values are plain Python objects, see :mod:`.values`. Errors are raised: a :class:`~.diagnostics.ProviderError`, or
any exception, which becomes a diagnostic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from prefect_provider.plugin.language.declaration import Declaration
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics, ProviderError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values

__all__ = [
    "DataSource",
    "EphemeralResource",
    "Found",
    "ListResource",
    "Opened",
    "Resource",
]


class _Called(Declaration):
    """A declaration of which one instance serves one call."""

    type_name: ClassVar[str] = ""

    def __init__(self, client: Any, diagnostics: Diagnostics, private: dict[str, Any] | None = None) -> None:
        self.client: Final = client
        self.diagnostics: Final = diagnostics
        self.private: Final = private if private is not None else {}

    def explain(self, error: Exception) -> Diagnostic | None:
        """The diagnostic for an exception of this call, at the attribute that it concerns.

        ``None`` leaves it to :meth:`Provider.explain`.
        """
        return None

    async def validate(self, config: Values) -> None:
        """Report to ``self.diagnostics`` what is wrong with a configuration beyond what is declared.

        ``self.client`` is ``None`` here: Terraform validates before it configures the provider.
        """


class Resource(_Called):
    """An object that Terraform creates, changes and deletes."""

    schema_version: ClassVar[int] = 0

    identified_by: ClassVar[Sequence[str]] = ()
    """The attributes that name an object for good, wherever it is; without any, Terraform is told of no identity."""

    located_by: ClassVar[Sequence[str]] = ()
    """Further attributes of the identity, which say where the object is; an import may leave them out."""

    identity_version: ClassVar[int] = 0
    """To be raised when :attr:`identified_by` or :attr:`located_by` changes; see :meth:`upgrade_identity`."""

    held: Values | None = None
    """What :meth:`hold` was given."""

    def hold(self, values: Values) -> None:
        """Say what is true of the object from now on, once a call has made it.

        Whatever exception ends the call after that, a defect included, the object is stored with these values
        (null where they are unknown), so that it is not lost. To be called for objects that this call made, not for
        those that were there before: Terraform replaces an object whose creation failed.
        """
        self.held = values

    async def plan(self, plan: Plan) -> None:
        """Adjust ``plan.planned`` where the declaration alone cannot say what will happen."""

    async def plan_destroy(self, prior: Values) -> None:
        """Say what a planned deletion takes with it; an error refuses it."""

    @classmethod
    def met(cls, client: Any, state: Values) -> None:
        """Take note of an object that is in the state; told of each before it is planned, refreshed or not."""

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

    async def sought(self, state: Values) -> None:
        """Told before an object of the state is read anew: a place to warn that it is looked for where it is not."""

    async def applied(self, prior: Values | None, values: Values | None) -> None:
        """Told once an object was created (no ``prior``), changed, or deleted (no ``values``).

        It is done by then: what this raises becomes a warning.
        """

    async def import_state(self, id_: str) -> Values | None:
        """The attributes of the existing object that ``terraform import`` names; ``None`` if there is none."""
        msg = f"{self.type_name} cannot be imported"
        raise ProviderError(msg, "Remove the import block and let Terraform create the object.")

    async def identify(self, values: Values) -> Values | None:
        """The identity of an object with these attributes; ``None`` if it cannot be told.

        It does not change for as long as there is the object.
        """
        return {name: values.get(name) for name in (*self.identified_by, *self.located_by)}

    async def import_identity(self, identity: Values) -> Values | None:
        """The attributes of the existing object of that identity; ``None`` if there is none.

        What says where the object is may be null.
        """
        msg = f"{self.type_name} cannot be imported by its identity"
        raise ProviderError(msg, "Write an import block with its `id`.")

    @classmethod
    def generated(cls, config: Values) -> Values:
        """A configuration that was made of a state, without what nobody would write.

        It has what differs from its default; what is left out besides must leave the object as it is.
        """
        return config

    @classmethod
    def upgrade_identity(cls, version: int, identity: dict[str, Any]) -> dict[str, Any]:
        """The JSON identity of an older ``identity_version``, rewritten as the current one has it."""
        return identity

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


class Found(NamedTuple):
    """An object that a listing found."""

    resource: Resource
    """A call of the object's type, with what there is to say of it in its diagnostics."""
    values: Values | None
    """All its attributes, as a read returns them; ``None`` if it cannot be shown, and a warning says why."""
    display_name: str
    """What people know it by."""


class ListResource(_Called):
    """Objects of a resource type that exist, whether or not Terraform manages them.

    Its own attributes are those of the ``config`` block, by which the list can be narrowed. It has the type name of the
    resource.
    """

    resource: ClassVar[type[Resource]]

    def found(self, config: Values) -> AsyncGenerator[Found, None]:
        """The objects, one by one; it is closed early when no more are wanted, so it should look for few at a time."""
        raise NotImplementedError


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

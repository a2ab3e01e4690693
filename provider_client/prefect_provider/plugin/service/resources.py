"""Resources: validate, refresh, plan, apply, import; each answer with the object's identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.service.values import (
    identity_message,
    private_bytes,
    read_identity,
    read_private,
    read_values,
    value_message,
)
from prefect_provider.plugin.wire.codec import CodecError, encode
from prefect_provider.plugin.wire.messages import (
    diagnostic_messages,
    path_message,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["Resources"]


class Resources:
    """The RPCs of resources."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "ValidateResourceConfig": self.validate_resource_config,
            "ReadResource": self.read_resource,
            "PlanResourceChange": self.plan_resource_change,
            "ApplyResourceChange": self.apply_resource_change,
            "ImportResourceState": self.import_resource_state,
        }

    async def validate_resource_config(
        self, request: pb.ValidateResourceConfig.Request
    ) -> pb.ValidateResourceConfig.Response:
        """Check a resource block."""
        kind = self._session.resource(request.type_name)
        config = read_values(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(
            kind, config, self._session.provider.explain, real=self._session.is_real
        )
        return pb.ValidateResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def read_resource(self, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
        """Refresh."""
        kind = self._session.resource(request.type_name)
        state = read_values(request.current_state, kind)
        deferred = self._session.deferral(request.client_capabilities)
        if state is None or deferred is not None:
            return pb.ReadResource.Response(
                deferred=deferred,
                new_state=request.current_state,
                private=request.private,
                new_identity=identity_message(None, kind, request.current_identity),
            )
        outcome = await lifecycle.refresh(
            kind, self._session.client, state, read_private(request.private), self._session.provider.explain
        )
        return pb.ReadResource.Response(
            new_state=value_message(outcome.state, kind),
            private=private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics, kind),
            new_identity=identity_message(
                outcome.identity, kind, None if outcome.state is None else request.current_identity
            ),
        )

    async def plan_resource_change(
        self, request: pb.PlanResourceChange.Request
    ) -> pb.PlanResourceChange.Response:
        """Plan."""
        kind = self._session.resource(request.type_name)
        prior = read_values(request.prior_state, kind)
        proposed = read_values(request.proposed_new_state, kind)
        outcome = await lifecycle.plan(
            kind,
            self._session.client,
            prior,
            None if proposed is None else read_values(request.config, kind),
            read_private(request.prior_private),
            self._session.provider.explain,
            # Terraform (1.11 to 1.15) can defer only when it applies, so this tells the two apart.
            applies=request.client_capabilities.deferral_allowed,
        )
        return pb.PlanResourceChange.Response(
            planned_state=value_message(outcome.state, kind),
            requires_replace=[path_message(kind, path) for path in outcome.replace],
            planned_private=private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics, kind),
            planned_identity=identity_message(
                outcome.identity, kind, None if prior is None else request.prior_identity
            ),
        )

    async def apply_resource_change(
        self, request: pb.ApplyResourceChange.Request
    ) -> pb.ApplyResourceChange.Response:
        """Create, update or delete."""
        kind = self._session.resource(request.type_name)
        prior = read_values(request.prior_state, kind)
        outcome = await lifecycle.apply(
            kind,
            self._session.client,
            prior,
            read_values(request.planned_state, kind),
            read_values(request.config, kind) or {},
            read_private(request.planned_private),
            self._session.provider.explain,
        )
        return pb.ApplyResourceChange.Response(
            new_state=_applied_state(outcome, kind),
            private=private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics, kind),
            # What is planned for a new object is not known yet.
            new_identity=identity_message(
                outcome.identity,
                kind,
                None if prior is None or outcome.state is None else request.planned_identity,
            ),
        )

    async def import_resource_state(
        self, request: pb.ImportResourceState.Request
    ) -> pb.ImportResourceState.Response:
        """Find the existing object that an import names."""
        kind = self._session.resource(request.type_name)
        deferred = self._session.deferral(request.client_capabilities)
        if deferred is not None:
            return pb.ImportResourceState.Response(deferred=deferred)
        client, explain = self._session.client, self._session.provider.explain
        identity = read_identity(request.identity, kind)
        if identity is None:
            outcome = await lifecycle.import_state(kind, client, request.id, explain)
        else:
            outcome = await lifecycle.import_identity(kind, client, identity, explain)
        imported = []
        if outcome.state is not None:
            imported.append(
                pb.ImportResourceState.ImportedResource(
                    type_name=kind.type_name,
                    state=value_message(outcome.state, kind),
                    private=private_bytes(outcome.private),
                    identity=identity_message(outcome.identity, kind),
                )
            )
        return pb.ImportResourceState.Response(
            imported_resources=imported, diagnostics=diagnostic_messages(outcome.diagnostics, kind)
        )


def _applied_state(outcome: lifecycle.Outcome, kind: type[Resource]) -> Any:
    """The state after an apply; a value of a wrong type is an error and becomes null, but the object is not lost."""
    try:
        return value_message(outcome.state, kind)
    except CodecError:
        state = dict(outcome.state or {})
    for name, attribute in kind.attributes.items():
        try:
            encode(state.get(name), attribute.kind.type)
        except CodecError as error:
            state[name] = None
            outcome.diagnostics.error(
                f"{kind.type_name} returned a wrong value for `{name}`",
                f"{error}. This is a defect of the provider, please report it. The object is in state without "
                "the value.",
                (name,),
            )
    return value_message(state, kind)

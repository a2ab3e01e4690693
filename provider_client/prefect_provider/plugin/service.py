"""The provider service of plugin protocol 6: messages in, calls of the engine, messages out.

One method per RPC, named as the protocol names it in snake case. Whatever goes wrong inside one becomes a
diagnostic in its response; an RPC never fails.
"""

from __future__ import annotations

import asyncio
import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin import lifecycle
from prefect_provider.plugin.codec import CodecError, decode, encode
from prefect_provider.plugin.diagnostics import Diagnostic, Diagnostics, ProviderError
from prefect_provider.plugin.lifecycle import guard
from prefect_provider.plugin.logs import mask
from prefect_provider.plugin.messages import (
    diagnostic_messages,
    function_message,
    path_message,
    schema_message,
)
from prefect_provider.plugin.protocol import tfplugin6_pb2 as pb
from prefect_provider.plugin.resource import (
    ArgumentError,
    DataSource,
    EphemeralResource,
    Function,
    Provider,
    Resource,
)
from prefect_provider.plugin.sensitivity import remember_secrets
from prefect_provider.plugin.state_json import from_json
from prefect_provider.plugin.validation import validate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from prefect_provider.plugin.declaration import Declaration
    from prefect_provider.plugin.values import Value, Values

__all__ = ["ProviderService"]

_log: Final = logging.getLogger(__name__)

_CAPABILITIES: Final = {
    # Terraform asks each process for the schema unless told that it may keep the first answer.
    "get_provider_schema_optional": True,
    "move_resource_state": True,
}


class ProviderService:
    """Answers Terraform's calls with a :class:`~.resource.Provider`."""

    def __init__(self, provider: Provider) -> None:
        self._provider: Final = provider
        self._client: Any = None
        self._tables: dict[str, dict[str, Any]] = {}

    def methods(self) -> dict[str, tuple[type[Any], type[Any], Callable[[Any], Awaitable[Any]]]]:
        """Request type, response type and handler of each RPC, by its name in the protocol."""
        table: dict[str, Callable[[Any], Awaitable[Any]]] = {
            "GetMetadata": self.get_metadata,
            "GetProviderSchema": self.get_provider_schema,
            "GetResourceIdentitySchemas": self.get_resource_identity_schemas,
            "ValidateProviderConfig": self.validate_provider_config,
            "ConfigureProvider": self.configure_provider,
            "StopProvider": self.stop_provider,
            "ValidateResourceConfig": self.validate_resource_config,
            "UpgradeResourceState": self.upgrade_resource_state,
            "ReadResource": self.read_resource,
            "PlanResourceChange": self.plan_resource_change,
            "ApplyResourceChange": self.apply_resource_change,
            "ImportResourceState": self.import_resource_state,
            "MoveResourceState": self.move_resource_state,
            "ValidateDataResourceConfig": self.validate_data_resource_config,
            "ReadDataSource": self.read_data_source,
            "ValidateEphemeralResourceConfig": self.validate_ephemeral_resource_config,
            "OpenEphemeralResource": self.open_ephemeral_resource,
            "RenewEphemeralResource": self.renew_ephemeral_resource,
            "CloseEphemeralResource": self.close_ephemeral_resource,
            "GetFunctions": self.get_functions,
            "CallFunction": self.call_function,
        }
        return {
            name: (getattr(pb, name).Request, getattr(pb, name).Response, _reporting(name, handler))
            for name, handler in table.items()
        }

    # ------------------------------------------------------------------ what there is

    def _table(self, of: str) -> dict[str, Any]:
        """The provider's resources, data sources, ephemeral resources or functions, by name."""
        if of not in self._tables:
            kinds: Sequence[Any] = getattr(self._provider, of)()
            self._tables[of] = {getattr(kind, "type_name", None) or kind.name: kind for kind in kinds}
        return self._tables[of]

    def _find(self, of: str, name: str) -> Any:
        try:
            return self._table(of)[name]
        except KeyError:
            msg = f"This provider has no {of.replace('_', ' ')[:-1]} `{name}`"
            raise ProviderError(msg, f"It has: {', '.join(sorted(self._table(of)))}.") from None

    def _resource(self, name: str) -> type[Resource]:
        kind: type[Resource] = self._find("resources", name)
        return kind

    def _data_source(self, name: str) -> type[DataSource]:
        kind: type[DataSource] = self._find("data_sources", name)
        return kind

    def _ephemeral_resource(self, name: str) -> type[EphemeralResource]:
        kind: type[EphemeralResource] = self._find("ephemeral_resources", name)
        return kind

    async def get_metadata(self, request: Any) -> Any:
        """The names of everything, without the schemas."""
        return pb.GetMetadata.Response(
            server_capabilities=pb.ServerCapabilities(**_CAPABILITIES),
            resources=[{"type_name": name} for name in self._table("resources")],
            data_sources=[{"type_name": name} for name in self._table("data_sources")],
            ephemeral_resources=[{"type_name": name} for name in self._table("ephemeral_resources")],
            functions=[{"name": name} for name in self._table("functions")],
        )

    async def get_provider_schema(self, request: Any) -> Any:
        """All schemas."""
        return pb.GetProviderSchema.Response(
            server_capabilities=pb.ServerCapabilities(**_CAPABILITIES),
            provider=schema_message(type(self._provider)),
            resource_schemas={
                name: schema_message(kind, kind.schema_version)
                for name, kind in self._table("resources").items()
            },
            data_source_schemas={
                name: schema_message(kind) for name, kind in self._table("data_sources").items()
            },
            ephemeral_resource_schemas={
                name: schema_message(kind) for name, kind in self._table("ephemeral_resources").items()
            },
            functions={name: function_message(kind) for name, kind in self._table("functions").items()},
        )

    async def get_resource_identity_schemas(self, request: Any) -> Any:
        """None yet."""
        return pb.GetResourceIdentitySchemas.Response()

    # ------------------------------------------------------------------ the provider itself

    async def validate_provider_config(self, request: Any) -> Any:
        """Check the provider block."""
        kind = type(self._provider)
        config = _decode(request.config, kind) or {}
        diagnostics = Diagnostics()
        validate(kind, config, diagnostics)
        if not diagnostics.has_errors:
            await self._guarded(self._provider.validate(config, diagnostics), "provider block", diagnostics)
        return pb.ValidateProviderConfig.Response(diagnostics=diagnostic_messages(diagnostics))

    async def configure_provider(self, request: Any) -> Any:
        """Take the provider block into use."""
        config = _decode(request.config, type(self._provider)) or {}
        diagnostics = Diagnostics()
        work = self._provider.configure(config, request.terraform_version, diagnostics)
        _, self._client, _ = await self._guarded(work, "provider configuration", diagnostics)
        return pb.ConfigureProvider.Response(diagnostics=diagnostic_messages(diagnostics))

    async def stop_provider(self, request: Any) -> Any:
        """Ask the provider to finish soon; what is under way goes on to its end."""
        self._provider.stop()
        return pb.StopProvider.Response()

    async def _guarded(self, work: Awaitable[Any], subject: str, diagnostics: Diagnostics) -> Any:
        return await guard(work, subject, diagnostics, self._provider.explain)

    # ------------------------------------------------------------------ resources

    async def validate_resource_config(self, request: Any) -> Any:
        """Check a resource block."""
        kind = self._resource(request.type_name)
        config = _decode(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(kind, config, self._provider.explain)
        return pb.ValidateResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics))

    async def upgrade_resource_state(self, request: Any) -> Any:
        """Read a state as it lies in the file; called on every refresh, also when there is nothing to upgrade."""
        kind = self._resource(request.type_name)
        if request.version > kind.schema_version:
            msg = f"The state of this {kind.type_name} is newer than the provider"
            raise ProviderError(
                msg,
                f"It was written with schema version {request.version}, and this provider knows up to "
                f"{kind.schema_version}. Use at least the version of the provider that wrote it.",
            )
        raw: Any = request.raw_state.json
        if request.version < kind.schema_version:
            raw = kind.upgrade(request.version, _json_object(raw))
        state = from_json(raw, kind.object_type(), ignore_extra=True)
        return pb.UpgradeResourceState.Response(upgraded_state=_encode(state, kind))

    async def read_resource(self, request: Any) -> Any:
        """Refresh."""
        kind = self._resource(request.type_name)
        state = _decode(request.current_state, kind)
        if state is None:
            return pb.ReadResource.Response(new_state=request.current_state, private=request.private)
        outcome = await lifecycle.refresh(
            kind, self._client, state, _private(request.private), self._provider.explain
        )
        return pb.ReadResource.Response(
            new_state=_encode(outcome.state, kind),
            private=_private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics),
        )

    async def plan_resource_change(self, request: Any) -> Any:
        """Plan."""
        kind = self._resource(request.type_name)
        proposed = _decode(request.proposed_new_state, kind)
        outcome = await lifecycle.plan(
            kind,
            self._client,
            _decode(request.prior_state, kind),
            None if proposed is None else _decode(request.config, kind),
            _private(request.prior_private),
            self._provider.explain,
        )
        return pb.PlanResourceChange.Response(
            planned_state=_encode(outcome.state, kind),
            requires_replace=[path_message(kind, path) for path in outcome.replace],
            planned_private=_private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics),
        )

    async def apply_resource_change(self, request: Any) -> Any:
        """Create, update or delete."""
        kind = self._resource(request.type_name)
        outcome = await lifecycle.apply(
            kind,
            self._client,
            _decode(request.prior_state, kind),
            _decode(request.planned_state, kind),
            _decode(request.config, kind) or {},
            _private(request.planned_private),
            self._provider.explain,
        )
        return pb.ApplyResourceChange.Response(
            new_state=_encode_applied(outcome, kind),
            private=_private_bytes(outcome.private),
            diagnostics=diagnostic_messages(outcome.diagnostics),
        )

    async def import_resource_state(self, request: Any) -> Any:
        """Find the existing object that an import names."""
        kind = self._resource(request.type_name)
        outcome = await lifecycle.import_state(kind, self._client, request.id, self._provider.explain)
        imported = []
        if outcome.state is not None:
            imported.append(
                pb.ImportResourceState.ImportedResource(
                    type_name=kind.type_name,
                    state=_encode(outcome.state, kind),
                    private=_private_bytes(outcome.private),
                )
            )
        return pb.ImportResourceState.Response(
            imported_resources=imported, diagnostics=diagnostic_messages(outcome.diagnostics)
        )

    async def move_resource_state(self, request: Any) -> Any:
        """Take over the state of another type of resource."""
        kind = self._resource(request.target_type_name)
        source = request.source_type_name
        document = kind.move(
            request.source_provider_address,
            source,
            request.source_schema_version,
            _json_object(request.source_state.json),
        )
        if document is None:
            msg = f"A {source} cannot become a {kind.type_name}"
            raise ProviderError(
                msg,
                f"Its provider is {request.source_provider_address}. Remove it from state and import it here.",
            )
        state = from_json(document, kind.object_type(), ignore_extra=True)
        return pb.MoveResourceState.Response(target_state=_encode(state, kind))

    # ------------------------------------------------------------------ data sources

    async def validate_data_resource_config(self, request: Any) -> Any:
        """Check a data block."""
        kind = self._data_source(request.type_name)
        config = _decode(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(kind, config, self._provider.explain)
        return pb.ValidateDataResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics))

    async def read_data_source(self, request: Any) -> Any:
        """Read a data source."""
        kind = self._data_source(request.type_name)
        config = _decode(request.config, kind) or {}
        outcome = await lifecycle.read_data(kind, self._client, config, self._provider.explain)
        return pb.ReadDataSource.Response(
            state=_encode(outcome.state, kind), diagnostics=diagnostic_messages(outcome.diagnostics)
        )

    # ------------------------------------------------------------------ ephemeral resources

    async def validate_ephemeral_resource_config(self, request: Any) -> Any:
        """Check an ephemeral block."""
        kind = self._ephemeral_resource(request.type_name)
        config = _decode(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(kind, config, self._provider.explain)
        return pb.ValidateEphemeralResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics))

    async def open_ephemeral_resource(self, request: Any) -> Any:
        """Fetch a value that is not stored."""
        kind = self._ephemeral_resource(request.type_name)
        config = _decode(request.config, kind) or {}
        diagnostics = Diagnostics()
        private: dict[str, Any] = {}
        call = kind(self._client, diagnostics, private)
        done, opened, _ = await self._guarded(call.open(config), f"opening {kind.type_name}", diagnostics)
        response = pb.OpenEphemeralResource.Response(
            diagnostics=diagnostic_messages(diagnostics), private=_private_bytes(private)
        )
        if done:
            values = {
                name: config[name] if config.get(name) is not None else opened.values.get(name)
                for name in kind.attributes
            }
            response.result.CopyFrom(_encode(values, kind))
            if opened.renew_at is not None:
                response.renew_at.FromDatetime(opened.renew_at)
        return response

    async def renew_ephemeral_resource(self, request: Any) -> Any:
        """Extend it."""
        kind = self._ephemeral_resource(request.type_name)
        diagnostics = Diagnostics()
        private = _private(request.private)
        call = kind(self._client, diagnostics, private)
        done, renew_at, _ = await self._guarded(call.renew(), f"renewing {kind.type_name}", diagnostics)
        response = pb.RenewEphemeralResource.Response(
            diagnostics=diagnostic_messages(diagnostics), private=_private_bytes(private)
        )
        if done and renew_at is not None:
            response.renew_at.FromDatetime(renew_at)
        return response

    async def close_ephemeral_resource(self, request: Any) -> Any:
        """Give it back."""
        kind = self._ephemeral_resource(request.type_name)
        diagnostics = Diagnostics()
        call = kind(self._client, diagnostics, _private(request.private))
        await self._guarded(call.close(), f"closing {kind.type_name}", diagnostics)
        return pb.CloseEphemeralResource.Response(diagnostics=diagnostic_messages(diagnostics))

    # ------------------------------------------------------------------ functions

    async def get_functions(self, request: Any) -> Any:
        """The signatures of the functions."""
        functions = {name: function_message(kind) for name, kind in self._table("functions").items()}
        return pb.GetFunctions.Response(functions=functions)

    async def call_function(self, request: Any) -> Any:
        """Call a function."""
        kind: type[Function] = self._find("functions", request.name)
        try:
            arguments = [
                decode(argument.msgpack, self._parameter_type(kind, index))
                for index, argument in enumerate(request.arguments)
            ]
            result = await kind().call(*arguments)
        except ArgumentError as error:
            fault = pb.FunctionError(text=str(error))
            if error.index is not None:
                fault.function_argument = error.index
            return pb.CallFunction.Response(error=fault)
        return pb.CallFunction.Response(result=pb.DynamicValue(msgpack=encode(result, kind.returns)))

    @staticmethod
    def _parameter_type(kind: type[Function], index: int) -> Any:
        if index < len(kind.parameters):
            return kind.parameters[index].type
        if kind.variadic is None:
            msg = f"{kind.name} takes {len(kind.parameters)} arguments"
            raise ArgumentError(msg, index)
        return kind.variadic.type


def _decode(message: Any, declaration: type[Declaration]) -> Values | None:
    """The values in a message; ``None`` where it says null."""
    type_ = declaration.object_type()
    if message.msgpack:
        value: Value = decode(message.msgpack, type_)
    elif message.json:
        value = from_json(message.json, type_, ignore_extra=False)
    else:
        value = None
    if not isinstance(value, dict):
        return None
    remember_secrets(declaration, value)
    return value


def _json_object(data: bytes) -> dict[str, Any]:
    """A state as JSON, with all digits of its numbers."""
    document: dict[str, Any] = json.loads(data, parse_float=Decimal)
    return document


def _encode(values: Values | None, declaration: type[Declaration]) -> Any:
    return pb.DynamicValue(msgpack=encode(values, declaration.object_type()))


def _encode_applied(outcome: lifecycle.Outcome, kind: type[Resource]) -> Any:
    """The state after an apply; a value of a wrong type is an error and becomes null, but the object is not lost."""
    try:
        return _encode(outcome.state, kind)
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
    return _encode(state, kind)


def _private(data: bytes) -> dict[str, Any]:
    """Private data; empty where the state was written by another provider in a form of its own."""
    try:
        document = json.loads(data or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _private_bytes(private: dict[str, Any]) -> bytes:
    kept = {key: value for key, value in private.items() if value}
    return json.dumps(kept, separators=(",", ":"), sort_keys=True).encode() if kept else b""


def _reporting(name: str, handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """The handler, with whatever it raises put into its response."""
    response_type = getattr(pb, name).Response

    async def answer(request: Any) -> Any:
        try:
            return await handler(request)
        except asyncio.CancelledError:
            raise
        except ProviderError as error:
            diagnostic = error.diagnostic
        except Exception as error:  # noqa: BLE001 - the boundary: Terraform must get an answer that names the object
            _log.exception("unexpected error in %s", name)
            subject = getattr(request, "type_name", "") or getattr(request, "name", "") or "the provider"
            diagnostic = Diagnostic(
                "error",
                f"Unexpected error in {subject}",
                f"{name}: {type(error).__name__}: {mask(str(error))}\n\n"
                "This is a defect of the provider, please report it.",
            )
        if name == "CallFunction":
            text = f"{diagnostic.summary}: {diagnostic.detail}"
            return response_type(error=pb.FunctionError(text=text))
        response = response_type()
        if name == "StopProvider":
            response.Error = diagnostic.summary
            return response
        response.diagnostics.extend(diagnostic_messages([diagnostic]))
        # Terraform takes a missing state for "gone"; after an error the object is as it was.
        if name == "ReadResource":
            response.new_state.CopyFrom(request.current_state)
            response.private = request.private
        elif name == "ApplyResourceChange":
            response.new_state.CopyFrom(request.prior_state)
            response.private = request.planned_private
        return response

    return answer

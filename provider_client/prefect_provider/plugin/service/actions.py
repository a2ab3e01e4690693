"""Actions."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics, ProviderError
from prefect_provider.plugin.service.values import read_values
from prefect_provider.plugin.wire.messages import diagnostic_messages
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.text.printing import printable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.values import Values
    from prefect_provider.plugin.service.session import Handlers, Session, StreamingHandlers

__all__ = ["Actions"]

_Event = pb.InvokeAction.Event


class Actions:
    """The RPCs of actions."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers of RPCs with one answer, by the RPC's name."""
        return {
            "ValidateActionConfig": self.validate_action_config,
            "PlanAction": self.plan_action,
        }

    def streams(self) -> StreamingHandlers:
        """The handlers of the others."""
        return {"InvokeAction": self.invoke_action}

    async def validate_action_config(
        self, request: pb.ValidateActionConfig.Request
    ) -> pb.ValidateActionConfig.Response:
        """Check an action block."""
        kind = self._session.action(request.type_name)
        diagnostics = await self._validated(kind, read_values(request.config, kind) or {})
        return pb.ValidateActionConfig.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def plan_action(self, request: pb.PlanAction.Request) -> pb.PlanAction.Response:
        """Look at what is going to be done; put it off if asked to, while the provider is not configured."""
        kind = self._session.action(request.action_type)
        deferred = self._session.deferral(request.client_capabilities)
        if deferred is not None:
            return pb.PlanAction.Response(deferred=deferred)
        config = read_values(request.config, kind) or {}
        diagnostics = Diagnostics()
        # What a mocked provider may be given is an error now. Warnings were shown when the block was checked.
        for found in await self._validated(kind, config):
            if found.severity == "error":
                diagnostics.add(found)
        if not diagnostics.has_errors:
            call = kind(self._session.client, diagnostics)
            subject = f"planning {kind.type_name}"
            await lifecycle.guard(call.plan(config), subject, diagnostics, self._explain_with(call))
        return pb.PlanAction.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def invoke_action(
        self, request: pb.InvokeAction.Request
    ) -> AsyncGenerator[pb.InvokeAction.Event, None]:
        """Do it: events of progress, and one at the end that says how it went."""
        kind = self._session.action(request.action_type)
        # What was not known when it was validated is known now.
        config = read_values(request.config, kind) or {}
        diagnostics = await self._validated(kind, config)
        if not diagnostics.has_errors:
            async with aclosing(self._texts(kind, config, diagnostics)) as texts:
                async for text in texts:
                    # Terraform prints it as it is.
                    yield _Event(progress=_Event.Progress(message=printable(text)))
        yield _Event(completed=_Event.Completed(diagnostics=diagnostic_messages(diagnostics, kind)))

    async def _texts(
        self, kind: type[Action], config: Values, diagnostics: Diagnostics
    ) -> AsyncGenerator[str, None]:
        """What an action says; an exception ends it, and becomes a diagnostic."""
        call = kind(self._session.client, diagnostics)
        if self._session.client is None:
            msg = "The provider is not configured yet"
            raise ProviderError(msg, "Its configuration depends on a value that is not known.")
        async with aclosing(call.invoke(config)) as texts:
            while True:
                work = anext(texts, None)
                done, text = await lifecycle.guard(
                    work, f"invoking {kind.type_name}", diagnostics, self._explain_with(call)
                )
                if not done or text is None:
                    return
                yield text

    async def _validated(self, kind: type[Action], config: Values) -> Diagnostics:
        return await lifecycle.validate_config(
            kind, config, self._session.provider.explain, real=self._session.is_real
        )

    def _explain_with(self, call: Action) -> lifecycle.Explain:
        def explain(error: Exception) -> Any:
            return call.explain(error) or self._session.provider.explain(error)

        return explain

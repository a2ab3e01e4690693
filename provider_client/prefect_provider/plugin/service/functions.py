"""Functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.function import ArgumentError, Function
from prefect_provider.plugin.wire.codec import decode, encode
from prefect_provider.plugin.wire.messages import (
    function_message,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["Functions"]


class Functions:
    """The RPCs of functions."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "GetFunctions": self.get_functions,
            "CallFunction": self.call_function,
        }

    async def get_functions(self, request: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
        """The signatures of the functions."""
        functions = {name: function_message(kind) for name, kind in self._session.table("functions").items()}
        return pb.GetFunctions.Response(functions=functions)

    async def call_function(self, request: pb.CallFunction.Request) -> pb.CallFunction.Response:
        """Call a function."""
        kind: type[Function] = self._session.find("functions", request.name)
        try:
            arguments = [
                decode(argument.msgpack, self._parameter_type(kind, index))
                for index, argument in enumerate(request.arguments)
            ]
            result = await kind().call(*arguments)
        except ArgumentError as error:
            # Terraform puts a full stop after it.
            fault = pb.FunctionError(text=str(error).removesuffix("."))
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

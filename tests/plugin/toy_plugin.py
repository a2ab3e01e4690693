"""A provider that shows how a plugin process behaves; what it is asked to read says what to do."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.serving.process import leave, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from prefect_provider.plugin.serving.rpc import Service


def load() -> Sequence[Service]:  # noqa: C901  a few words for each behaviour
    """The services; with ``--crash`` in the arguments, a failure while they are imported."""
    from prefect_provider.plugin.serving.rpc import Service
    from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
    from prefect_provider.text.masking import secret

    if "--crash" in sys.argv:
        msg = "no such module, and password hunter2"
        secret("hunter2")
        raise ImportError(msg)

    async def read_resource(request: Any) -> Any:
        argument = request.private.decode()
        match request.type_name:
            case "slow":
                seconds, _, marker = argument.partition(" ")
                await asyncio.sleep(float(seconds))
                if marker:
                    Path(marker).write_text("finished")  # noqa: ASYNC240  a word, for a test
            case "error":
                secret("hunter2")
                msg = "the password is hunter2"
                raise ValueError(msg)
            case "exit":
                sys.exit(3)
            case "cancel":
                raise asyncio.CancelledError
            case "wrong":
                return pb.DynamicValue()
            case "print":
                print(argument)  # noqa: T201  what that does is the question
        return pb.ReadResource.Response(new_state=request.current_state)

    async def list_resource(request: Any) -> AsyncIterator[Any]:
        for number in range(request.limit):
            yield pb.ListResource.Event(display_name=f"number {number}")
        if request.type_name == "error":
            msg = "no more"
            raise ValueError(msg)

    async def close() -> None:
        sys.stderr.write("closed the service\n")

    return [
        Service(
            "tfplugin6.Provider",
            {"ReadResource": (pb.ReadResource.Request, pb.ReadResource.Response, read_resource)},
            {"ListResource": (pb.ListResource.Request, pb.ListResource.Event, list_resource)},
            close,
        )
    ]


if __name__ == "__main__":
    leave(run(load, address="example/toy"))

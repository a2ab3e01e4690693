"""The toy provider's process; each call's start and end go to the file that ``TOY_RPC_LOG`` names."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.serving.process import leave, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from prefect_provider.plugin.serving.rpc import Service

__all__ = ["main"]

ADDRESS = "example/toy"


def _recorded(
    name: str, handler: Callable[[Any], Awaitable[Any]], path: str
) -> Callable[[Any], Awaitable[Any]]:
    def record(event: str) -> None:
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123  pathlib is slow to import
            file.write(f"{time.time():.6f} {os.getpid()} {event} {name}\n")

    async def call(request: Any) -> Any:
        record("start")
        try:
            return await handler(request)
        finally:
            record("end")

    return call


def load() -> Sequence[Service]:
    """The provider service, with its calls recorded."""
    from prefect_provider.plugin.service.provider_service import ProviderService
    from prefect_provider.plugin.serving.rpc import Service
    from tests.plugin.toy.provider import ToyProvider

    provider = ToyProvider()
    service = ProviderService(provider)
    methods = service.methods()
    path = os.environ.get("TOY_RPC_LOG")
    if path:
        methods = {
            name: (request, response, _recorded(name, handler, path))
            for name, (request, response, handler) in methods.items()
        }
    return [Service("tfplugin6.Provider", methods, service.streams(), close=provider.close)]


def main() -> None:
    """Serve Terraform until it is done."""
    leave(run(load, address=ADDRESS))


if __name__ == "__main__":
    main()

"""The provider process: what Terraform starts as ``terraform-provider-prefect``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from prefect_provider.plugin.serving.process import leave, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.plugin.service.provider_service import ProviderService
    from prefect_provider.plugin.serving.rpc import Service, StreamingMethod, UnaryMethod
    from prefect_provider.provider import PrefectProvider

__all__ = ["main"]


class _Loading:
    """The provider, which a process that is only asked for the schema never loads."""

    def __init__(self) -> None:
        self._provider: PrefectProvider | None = None
        self._service: ProviderService | None = None
        self._is_interrupted = False

    def methods(self) -> Mapping[str, UnaryMethod]:
        return self._loaded().methods()

    def streams(self) -> Mapping[str, StreamingMethod]:
        return self._loaded().streams()

    def _loaded(self) -> ProviderService:
        if self._service is None:
            from prefect_provider.plugin.service.provider_service import ProviderService
            from prefect_provider.provider import PrefectProvider

            self._provider = PrefectProvider()
            if self._is_interrupted:
                self._provider.stop()
            self._service = ProviderService(self._provider)
        return self._service

    def interrupt(self) -> None:
        self._is_interrupted = True
        if self._provider is not None:
            self._provider.stop()

    def leave(self, asked: bool) -> None:
        if self._provider is not None:
            self._provider.leave(asked)

    async def close(self) -> None:
        if self._provider is not None:
            await self._provider.close()


def _load() -> Sequence[Service]:
    # Imported after Terraform was told where to connect, so that it need not wait for them.
    from prefect_provider.plugin.serving.on_demand import MethodsOnDemand
    from prefect_provider.plugin.serving.rpc import Service
    from prefect_provider.stored_schema import stored_schema

    provider: Final = _Loading()
    methods = MethodsOnDemand({"GetProviderSchema": stored_schema}, provider.methods)
    return [
        Service(
            "tfplugin6.Provider",
            methods,
            MethodsOnDemand({}, provider.streams),
            close=provider.close,
            leave=provider.leave,
            interrupt=provider.interrupt,
        )
    ]


def main() -> NoReturn:
    """Serve Terraform until it is done."""
    leave(run(_load, address="prefect-iac/prefect"))


if __name__ == "__main__":
    main()

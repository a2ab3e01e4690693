"""The provider process: what Terraform starts as ``terraform-provider-prefect``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from prefect_provider.plugin.serving.process import leave, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.serving.rpc import Service

__all__ = ["main"]


def _load() -> Sequence[Service]:
    # Imported after Terraform was told where to connect, so that it need not wait for them.
    from prefect_provider.plugin.service.provider_service import ProviderService
    from prefect_provider.plugin.serving.rpc import Service
    from prefect_provider.provider import PrefectProvider

    provider = PrefectProvider()
    return [Service("tfplugin6.Provider", ProviderService(provider).methods(), close=provider.close)]


def main() -> NoReturn:
    """Serve Terraform until it is done."""
    leave(run(_load, address="prefect-iac/prefect"))


if __name__ == "__main__":
    main()

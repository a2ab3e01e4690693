"""The account: there is one, and its ``id`` is part of almost every path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environment.prefect_cloud.exchange import Answer
from tests.environment.prefect_cloud.routing import route

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["read_account"]


@route("GET", "/accounts/{account_id}", permission="see_account")
def read_account(cloud: PrefectCloud, request: Request) -> Answer:
    """The account itself."""
    return Answer(200, cloud.store.get("accounts", request.names["account_id"], "Account"))

"""The roles that actors may have in an account: read by look-ups and by whatever gives one by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.filters import filter_by_name
from prefect_provider.objects.identity import Key
from prefect_provider.objects.once import once
from prefect_provider.objects.pages import pages
from prefect_provider.objects.placed import AccountObject
from prefect_provider.plugin.language.declaration import computed
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, ListOf, String
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from prefect_provider.api import Client, Scope

__all__ = ["AccountRole", "account_roles", "no_account_role"]


class AccountRole(AccountObject):
    """A role in the account: what those who have it may do there."""

    type_name = "prefect_account_role"
    collection = "/account_roles"
    has_filter = False
    key = Key("name/{name}", "{name}")
    needed = ("id", "name")
    filters = (filter_by_name("account_roles"),)

    name = computed(String(), "Name of the role, such as `Admin`.")
    permissions = computed(ListOf(String()), "What it allows.")
    is_system_role = computed(Bool(), "Whether it is Prefect's own, rather than the account's.")


async def account_roles(client: Client, scope: Scope) -> dict[str, str]:
    """The ids of an account's roles, by name; asked once. Raises ApiError."""
    return await once(client, f"{scope.prefix}/account_roles", _ask(scope))


def no_account_role(name: str, roles: Collection[str]) -> ProviderError:
    """The error for a name that none of an account's roles has, at `account_role_name`."""
    near = closest(name, sorted(roles))
    detail = say(
        expected=f"a role of the account: {names(sorted(roles))}",
        got=show(name),
        remedy=f"Did you mean `{near}`?" if near else "",
    )
    return ProviderError("No such account role", detail, ("account_role_name",))


async def _ask(scope: Scope) -> dict[str, str]:
    found: list[dict[str, Any]] = []
    async for page in pages(scope, "/account_roles/filter", noun="account role"):
        found += page
    return {str(one.get("name")): str(one["id"]) for one in found}

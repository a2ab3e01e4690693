"""``prefect_account_role`` and ``prefect_account_roles``, which are only read."""

from __future__ import annotations

from prefect_provider.objects.account_roles import AccountRole
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup

__all__ = ["AccountRoleLookup", "AccountRoles"]


class AccountRoleLookup(Lookup, of=AccountRole):
    """Looks up a role in the account, by its id or its name, such as `Member`."""

    type_name = "prefect_account_role"


class AccountRoles(ObjectList, of=AccountRole):
    """Lists the roles that members and service accounts may have in the account, ordered by name."""

    type_name = "prefect_account_roles"

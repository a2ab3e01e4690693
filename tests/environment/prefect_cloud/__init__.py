"""A simulator of Prefect Cloud, for there is no Prefect Cloud to test against: it is strict about the contract.

What it does is the contract that docs/cloud-contract.md writes down, with the source of each fact. Everything that
belongs to an account is its own; what belongs to a workspace and a self-hosted server has too goes to a real Prefect
server.
"""

from tests.environment.prefect_cloud import access as _access  # the routes of each noun
from tests.environment.prefect_cloud import accounts as _accounts
from tests.environment.prefect_cloud import automations as _automations
from tests.environment.prefect_cloud import collections as _collections
from tests.environment.prefect_cloud import events as _events
from tests.environment.prefect_cloud import members as _members
from tests.environment.prefect_cloud import service_accounts as _service_accounts
from tests.environment.prefect_cloud import slas as _slas
from tests.environment.prefect_cloud import teams as _teams
from tests.environment.prefect_cloud import users as _users
from tests.environment.prefect_cloud import webhooks as _webhooks
from tests.environment.prefect_cloud import workspace_roles as _workspace_roles
from tests.environment.prefect_cloud import workspaces as _workspaces
from tests.environment.prefect_cloud.cloud import PrefectCloud

__all__ = ["PrefectCloud"]

_ROUTES = (
    _access,
    _accounts,
    _automations,
    _collections,
    _events,
    _members,
    _service_accounts,
    _slas,
    _teams,
    _users,
    _webhooks,
    _workspace_roles,
    _workspaces,
)

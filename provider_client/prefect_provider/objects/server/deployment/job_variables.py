"""The job variables of a deployment, held against the job template of its work pool.

The template is the one that this very plan gives the pool, if it plans the pool, and else the one on the server.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError, NotFound, join_path
from prefect_provider.objects.answers import object_of
from prefect_provider.objects.job_templates import planned_template
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.once import once
from prefect_provider.objects.reporting import report
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.plugin.language.values import Unknown

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["check_job_variables"]

_log: Final = logging.getLogger("prefect_provider.objects")


async def check_job_variables(resource: RemoteObject, planned: Values) -> None:
    """Report job variables that the pool's template does not accept, and a pool that is not there.

    A server that cannot be asked now is asked by the apply. Names that the template does not have are accepted by the
    server and reach no job, which is a warning.
    """
    name, text = planned.get("work_pool_name"), planned.get("job_variables")
    if resource.client is None or not isinstance(name, str) or not name:
        return
    scope = resource.known_scope(planned)
    if scope is None:
        return
    template = planned_template(resource.client, scope.prefix, name)
    if template is None:
        try:
            # A pool whose template this process changes is planned by it, and so known already.
            key = ("job template", scope.prefix, name)
            template = await once(resource.client, key, _stored_template(scope, name))
        except NotFound:
            resource.diagnostics.warning(
                "No such work pool",
                f'There is no work pool "{name}" yet, and this plan has not created it before. Refer to the pool '
                "(`prefect_work_pool.<name>.name`), so that it comes first, or mend the name.",
                ("work_pool_name",),
            )
            return
        except ApiError as error:
            _log.info("cannot ask for the work pool %s: %s", name, error)
            return
    if isinstance(template, Unknown) or not isinstance(text, str):
        return
    schema = template.get("variables")
    variables = plain(Json.load(text))
    if not isinstance(schema, Mapping) or not isinstance(variables, Mapping) or not variables:
        return
    from prefect_provider.rules.json_schema import schema_problems, unknown_names

    path = ("job_variables",)
    report(
        schema_problems(variables, schema, path=path, ignore_required=True, secret=True), resource.diagnostics
    )
    unknown = unknown_names(variables, schema, path=path, what="job variable")
    report((one._replace(severity="warning") for one in unknown), resource.diagnostics)


async def _stored_template(scope: Scope, pool: str) -> Mapping[str, Any]:
    path = join_path("work_pools", pool)
    data = object_of(
        f"GET {path}", "work pool", (await scope.get(path)).data, base_job_template=Json("object")
    )
    template: Mapping[str, Any] = data["base_job_template"]
    return template

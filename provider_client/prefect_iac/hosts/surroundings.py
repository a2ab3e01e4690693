"""Where a job runs: which pull request on which host, told by the variables that hosts set."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.hosts.errors import HostError
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.hosts.comment import HostName

__all__ = ["Surroundings", "read_surroundings"]

_GITHUB: Final = "https://api.github.com"
_GITLAB: Final = "https://gitlab.com/api/v4"
_BITBUCKET: Final = "https://api.bitbucket.org/2.0"


class Surroundings(NamedTuple):
    """What a job says of itself, without having asked the host."""

    host: HostName
    api: str
    """Address of the API."""
    headers: Mapping[str, str]
    """What goes along with every request; a secret."""
    project: tuple[str, ...]
    """`owner/name`, a project's id or path, or the two names that a repository has on Bitbucket."""
    number: int
    """Of the pull request."""
    commit: str
    """That the job was started for; may be empty."""
    job: str
    """Address of the job's page; may be empty."""
    graphql: str = ""
    server: bool = False
    """Whether it is Bitbucket Data Center."""


def read_surroundings(
    host: HostName, env: Mapping[str, str], *, number: int | None = None
) -> Surroundings | None:
    """What the environment says; `number` names a pull request where it names none.

    None: the pull request comes from a fork, and nothing is said there.

    Raises:
        HostError: something is missing; or the job has secrets, and what it runs comes from a fork.
    """
    match host:
        case "github":
            return _github(env, number)
        case "gitlab":
            return _gitlab(env, number)
        case "bitbucket":
            return _bitbucket(env, number)


def _github(env: Mapping[str, str], number: int | None) -> Surroundings | None:
    event = _event(env)
    pull = _object(event, "pull_request")
    if pull and _repository(pull, "head") != _repository(pull, "base"):
        if env.get("GITHUB_EVENT_NAME") == "pull_request_target":
            remedy = "run the job on `pull_request` instead, which has no secrets there"
            raise _fork_with_secrets(remedy)
        return None
    api = env.get("GITHUB_API_URL") or _GITHUB
    found = (
        number
        or _number(pull.get("number"))
        or _number_of_issue(event)
        or _in(env, "GITHUB_REF", r"refs/pull/(\d+)/")
    )
    token = _needed(env, "GITHUB_TOKEN", "GH_TOKEN")
    repository = _needed(env, "GITHUB_REPOSITORY")
    run = env.get("GITHUB_RUN_ID")
    return Surroundings(
        "github",
        api,
        {"authorization": f"Bearer {token}", "x-github-api-version": "2022-11-28"},
        (repository,),
        _named(found, "GITHUB_EVENT_PATH, of an event of a pull request"),
        str(_object(pull, "head").get("sha") or env.get("GITHUB_SHA", "")),
        f"{env.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}/actions/runs/{run}"
        if run
        else "",
        # Of GitHub Enterprise the API is at /api/v3, this one beside it.
        graphql=env.get("GITHUB_GRAPHQL_URL") or f"{api.rstrip('/').removesuffix('/v3')}/graphql",
    )


def _gitlab(env: Mapping[str, str], number: int | None) -> Surroundings | None:
    source = env.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    target = env.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if source and target and source != target:
        if env.get("CI_PROJECT_ID") == target:
            remedy = "a pipeline of a fork's merge request must run in the fork"
            raise _fork_with_secrets(remedy)
        return None
    found = number or _in(env, "CI_MERGE_REQUEST_IID", r"(\d+)\Z") or _open_request(env)
    return Surroundings(
        "gitlab",
        env.get("CI_API_V4_URL") or _GITLAB,
        {"private-token": _needed(env, "GITLAB_TOKEN")},
        (target or _needed(env, "CI_PROJECT_ID"),),
        _named(found, "CI_MERGE_REQUEST_IID, of a pipeline of a merge request"),
        # A pipeline of the merged result has a commit that nobody made.
        env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or env.get("CI_COMMIT_SHA", ""),
        env.get("CI_JOB_URL", ""),
    )


def _open_request(env: Mapping[str, str]) -> int | None:
    """The merge request of a pipeline of a branch: `group/project!7,group/other!8`, some maybe of other projects."""
    for text in env.get("CI_OPEN_MERGE_REQUESTS", "").split(","):
        project, _, number = text.strip().rpartition("!")
        if project and project == env.get("CI_PROJECT_PATH") and number.isdecimal():
            return int(number)
    return None


def _bitbucket(env: Mapping[str, str], number: int | None) -> Surroundings:
    server = env.get("BITBUCKET_SERVER_URL", "")
    owner = _needed(env, "BITBUCKET_PROJECT_KEY") if server else _needed(env, "BITBUCKET_WORKSPACE")
    repository = _needed(env, "BITBUCKET_REPO_SLUG")
    build = env.get("BITBUCKET_BUILD_NUMBER")
    page = (
        f"https://bitbucket.org/{owner}/{repository}/pipelines/results/{build}"
        if build and not server
        else ""
    )
    return Surroundings(
        "bitbucket",
        f"{server.rstrip('/')}/rest/api/1.0" if server else env.get("BITBUCKET_API_URL") or _BITBUCKET,
        {"authorization": _bitbucket_authorization(env)},
        (owner, repository),
        _named(
            number or _in(env, "BITBUCKET_PR_ID", r"(\d+)\Z"),
            "BITBUCKET_PR_ID, of a pipeline of a pull request",
        ),
        env.get("BITBUCKET_COMMIT", ""),
        page,
        server=bool(server),
    )


def _bitbucket_authorization(env: Mapping[str, str]) -> str:
    user = env.get("BITBUCKET_USERNAME", "")
    password = env.get("BITBUCKET_APP_PASSWORD", "")
    if user and password and not env.get("BITBUCKET_TOKEN"):
        return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
    return f"Bearer {_needed(env, 'BITBUCKET_TOKEN')}"


def _event(env: Mapping[str, str]) -> dict[str, Any]:
    """What started the workflow; nothing where it is not told."""
    path = env.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HostError(say(f"cannot read the event of the workflow from {path}: {error}")) from error
    return event if isinstance(event, dict) else {}


def _repository(pull: dict[str, Any], side: str) -> str:
    """The name of the repository of a side; of a fork that was deleted, none."""
    return str(_object(_object(pull, side), "repo").get("full_name", "")).lower()


def _number_of_issue(event: dict[str, Any]) -> int | None:
    issue = _object(event, "issue")
    return _number(issue.get("number")) if "pull_request" in issue else None


def _object(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in another; an empty one where there is none."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _in(env: Mapping[str, str], name: str, pattern: str) -> int | None:
    found = re.match(pattern, env.get(name, ""))
    return int(found[1]) if found else None


def _needed(env: Mapping[str, str], *options: str) -> str:
    for name in options:
        if env.get(name):
            return env[name]
    what = f"the environment variable {names(options, last='or')} is not set, and a comment needs it"
    raise HostError(say(what, remedy="docs/ci.md says which variables each host sets, and which you set"))


def _named(number: int | None, variable: str) -> int:
    if number is None:
        what = "no pull request is named, so there is nowhere to comment"
        raise HostError(say(what, expected=variable, remedy="Or name one with --pull-request"))
    return number


def _fork_with_secrets(remedy: str) -> HostError:
    what = "this job has secrets and works on a pull request from a fork, whose authors could read them"
    return HostError(say(what, remedy=remedy))

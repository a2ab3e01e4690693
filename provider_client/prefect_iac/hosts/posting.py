"""A report, said on the pull request that the job works on."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from prefect_iac.hosts.connection import thread_of
from prefect_iac.hosts.errors import HostError
from prefect_iac.hosts.github import GitHub
from prefect_iac.hosts.header import Header
from prefect_iac.hosts.surroundings import read_surroundings
from prefect_iac.hosts.upkeep import Outcome, keep_comment
from prefect_iac.hosts.web import Web
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.hosts.comment import HostName
    from prefect_iac.output.report import Report

__all__ = ["post", "root_of", "workspace_of"]

_TOPS: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BITBUCKET_CLONE_DIR")


def post(
    report: Report,
    host: HostName,
    env: Mapping[str, str],
    *,
    label: str = "",
    root: str = ".",
    workspace: str = "default",
    plan: str = "",
    number: int | None = None,
    worth_saying: bool | None = None,
    check: bool = False,
) -> Outcome:
    """Keep the comment of this report; with `check`, make a check run with annotations as well (GitHub).

    Args:
        report: what to say.
        host: where; which pull request, and with which token, is told by the environment (`hosts.surroundings`).
        env: the environment.
        label: tells several comments of a root apart; by default the kind of report does.
        root: the root module (:func:`root_of`).
        workspace: Terraform's workspace (:func:`workspace_of`).
        plan: checksum of the plan.
        number: the pull request, where the environment names none.
        worth_saying: whether to begin a comment; by default if something was found that is not suppressed.
        check: whether to make a check run.

    Raises:
        HostError: it cannot be said, or must not be.
    """
    if check and host != "github":
        what = "a check run is something that only GitHub has"
        raise HostError(say(what, expected="--comment github", got=f"--comment {host}"))
    found = read_surroundings(host, env, number=number)
    if found is None:
        return Outcome("skipped", "the pull request comes from a fork")
    header = Header(root, workspace, label or report.name, commit=found.commit, plan=plan)
    if worth_saying is None:
        worth_saying = any(finding.suppressed is None for finding in report.findings)
    with Web(found.api, found.headers) as web:
        thread = thread_of(found, web)
        outcome = keep_comment(thread, report, header, worth_saying=worth_saying, whole=found.job)
        if check and isinstance(thread, GitHub) and outcome.deed != "skipped":
            where = [part for part in (header.root, header.workspace) if part not in {".", "default"}]
            title = " ".join(["prefect-iac", header.label, *where])
            thread.check(report, found.commit, title=title, details_url=found.job)
    return outcome


def root_of(directory: Path, env: Mapping[str, str]) -> str:
    """A directory as the hosts' jobs see it: its path from the top of the sources, with slashes."""
    for name in _TOPS:
        top = env.get(name)
        if top and directory.resolve().is_relative_to(Path(top).resolve()):
            return PurePath(directory.resolve().relative_to(Path(top).resolve())).as_posix()
    return "."


def workspace_of(directory: Path, env: Mapping[str, str]) -> str:
    """The workspace that Terraform works on in a directory: as a variable says, or as was selected there."""
    if env.get("TF_WORKSPACE"):
        return env["TF_WORKSPACE"]
    try:
        selected = (directory / (env.get("TF_DATA_DIR") or ".terraform") / "environment").read_text("utf-8")
    except (OSError, ValueError):
        # Nothing was selected, or Terraform works somewhere else.
        return "default"
    return selected.strip() or "default"

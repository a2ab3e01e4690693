"""One comment, kept on each host: against fakes that hold to what the hosts document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prefect_iac.hosts.comment import render_comment
from prefect_iac.hosts.errors import HostError
from prefect_iac.hosts.github import beside_lines
from prefect_iac.hosts.header import Header, read_header
from prefect_iac.hosts.posting import post, root_of, workspace_of
from prefect_iac.hosts.web import Web
from prefect_iac.output.report import Finding, Location, Report
from tests.hosts.fakes import (
    TOKEN,
    FakeBitbucketCloud,
    FakeBitbucketServer,
    FakeGitHub,
    FakeGitLab,
    FakeHost,
    Reply,
)
from tests.output.reports import FULL, automations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prefect_iac.hosts.comment import HostName

QUIET = Report("lint", "nothing found.", (), (), {})
KINDS = [FakeGitHub, FakeGitLab, FakeBitbucketCloud, FakeBitbucketServer]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def fake(request: pytest.FixtureRequest) -> Iterator[FakeHost]:
    """Each host in turn."""
    with request.param() as started:
        yield started


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """GitHub alone."""
    with FakeGitHub() as started:
        yield started


def surroundings(fake: FakeHost, **more: str) -> tuple[HostName, dict[str, str]]:
    """The host's name, and the variables of a job there."""
    match fake:
        case FakeGitHub():
            env = {
                "GITHUB_API_URL": fake.url,
                "GITHUB_REPOSITORY": "acme/data",
                "GITHUB_REF": "refs/pull/7/merge",
                "GITHUB_SHA": fake.head,
                "GITHUB_TOKEN": TOKEN,
            }
            return "github", env | more
        case FakeGitLab():
            env = {
                "CI_API_V4_URL": f"{fake.url}/api/v4",
                "CI_PROJECT_ID": "1",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_COMMIT_SHA": fake.head,
                "GITLAB_TOKEN": TOKEN,
            }
            return "gitlab", env | more
        case FakeBitbucketCloud():
            env = {"BITBUCKET_API_URL": f"{fake.url}/2.0", "BITBUCKET_WORKSPACE": "acme"}
        case _:
            env = {"BITBUCKET_SERVER_URL": f"{fake.url}/", "BITBUCKET_PROJECT_KEY": "ACME"}
    env |= {
        "BITBUCKET_REPO_SLUG": "data",
        "BITBUCKET_PR_ID": "7",
        "BITBUCKET_COMMIT": fake.head,
        "BITBUCKET_TOKEN": TOKEN,
    }
    return "bitbucket", env | more


def deed(fake: FakeHost, report: Report, **more: str) -> str:
    """What was done about the comment."""
    host, env = surroundings(fake, **more)
    return post(report, host, env).deed


def test_a_comment_is_made_edited_and_left_alone(fake: FakeHost) -> None:
    """The first report makes it, another edits it in place, the same again writes nothing."""
    assert deed(fake, FULL) == "created"
    assert deed(fake, FULL) == "unchanged"
    assert len(fake.writes) == 1
    assert deed(fake, FULL._replace(summary="another")) == "edited"
    (body,) = fake.bodies()
    assert "another" in body
    assert read_header(body) == Header(".", "default", "lint", commit=fake.head)


def test_silent_when_there_is_nothing_to_say(fake: FakeHost) -> None:
    """Nothing found begins no comment, but brings one that is there up to date."""
    assert deed(fake, QUIET) == "silent"
    assert fake.bodies() == []
    assert deed(fake, FULL) == "created"
    assert deed(fake, QUIET) == "edited"
    assert "nothing found" in fake.bodies()[0]


def test_comments_of_other_roots_workspaces_and_labels_are_others(fake: FakeHost) -> None:
    """There is one for each, and each is found again."""
    host, env = surroundings(fake)
    for _ in range(2):
        for root, label, workspace in (("a", "", ""), ("b", "", ""), ("a", "x", ""), ("a", "", "prod")):
            post(FULL, host, env, root=root, label=label, workspace=workspace)
    assert len(fake.comments) == 4


def test_who_quotes_the_comment_is_not_edited(fake: FakeHost) -> None:
    """The marker in somebody else's comment, and one further down, are not ours."""
    host, _ = surroundings(fake)
    ours = render_comment(FULL, host, Header(".", "default", "lint"))
    fake.add(ours, author="somebody")
    fake.add(f"as it said:\n{ours}")
    assert deed(fake, FULL) == "created"
    assert fake.bodies()[:2] == [ours, f"as it said:\n{ours}"]
    assert deed(fake, FULL._replace(summary="new")) == "edited"
    assert fake.bodies()[:2] == [ours, f"as it said:\n{ours}"]


def test_a_comment_is_found_among_many(fake: FakeHost) -> None:
    """All pages are read, also those of hosts whose pages are small."""
    host, _ = surroundings(fake)
    for number in range(120):
        fake.add(f"comment {number}", author="somebody")
    fake.add(render_comment(QUIET, host, Header(".", "default", "lint")))
    for number in range(120):
        fake.add(f"more {number}", author="somebody")
    assert deed(fake, FULL) == "edited"
    assert len(fake.comments) == 241


def test_large_reports_fit(fake: FakeHost) -> None:
    """Five hundred automations are taken by each host, which refuses what is too long."""
    assert deed(fake, automations(500)) == "created"
    assert len(fake.bodies()[0]) <= fake.limit


def test_no_comment_on_a_fork(fake: FakeHost) -> None:
    """What the host says of the pull request counts, whatever the variables say."""
    fake.fork = True
    assert deed(fake, FULL) == "skipped"
    assert fake.writes == []


def test_a_newer_report_is_not_overwritten(fake: FakeHost) -> None:
    """A slow job of an older commit leaves the comment about the newest alone; its own is marked as out of date."""
    host, env = surroundings(fake)
    old, new = "c" * 40, fake.head
    variable = {"github": "GITHUB_SHA", "gitlab": "CI_COMMIT_SHA", "bitbucket": "BITBUCKET_COMMIT"}[host]
    assert post(FULL, host, env | {variable: old}).deed == "created"
    assert "Out of date" in fake.bodies()[0]
    assert post(FULL, host, env | {variable: new}).deed == "edited"
    assert "Out of date" not in fake.bodies()[0]
    assert post(FULL, host, env | {variable: old}).deed == "unchanged"
    assert "Out of date" not in fake.bodies()[0]


def test_a_wrong_token_is_said_and_not_shown(fake: FakeHost) -> None:
    """The error names the address and what to do, never the token."""
    host, env = surroundings(fake)
    name = next(name for name in env if name.endswith("TOKEN"))
    with pytest.raises(HostError, match="401") as caught:
        post(FULL, host, env | {name: "wrong-secret-token"})
    assert "wrong-secret-token" not in str(caught.value)
    assert "Check the token" in str(caught.value)


def test_an_answer_that_repeats_the_token_is_masked(fake: FakeHost) -> None:
    """Whatever a host says, the token is not printed."""
    fake.replies = [Reply(400, {"message": f"bad header {TOKEN}"})]
    with pytest.raises(HostError) as caught:
        deed(fake, FULL)
    assert TOKEN not in str(caught.value)
    assert "bad header (sensitive)" in str(caught.value)


def test_what_the_host_did_not_do_is_asked_again(fake: FakeHost) -> None:
    """A limit on requests is waited for; an answer that makes no sense is an error."""
    fake.replies = [Reply(429, {"message": "slow down"}, {"Retry-After": "0"})]
    assert deed(fake, FULL) == "created"
    fake.replies = [Reply(200, ["no pull request"])]
    with pytest.raises(HostError, match="cannot be read"):
        deed(fake, FULL)
    fake.replies = [Reply(302, None, {"Location": "http://127.0.0.1:9/"})]
    with pytest.raises(HostError, match="302"):
        deed(fake, FULL)


def test_a_limit_that_is_used_up_is_said(github: FakeGitHub) -> None:
    """The wait is what the host names; when it does not end, the error is about the limit, not about rights."""
    ended = Reply(403, {"message": "rate limit"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"})
    waits: list[float] = []
    with Web(github.url, {"authorization": f"Bearer {TOKEN}"}, sleep=waits.append) as web:
        github.replies = [ended] * 4
        with pytest.raises(HostError, match="limit on requests"):
            web.send("POST", "/repos/acme/data/issues/7/comments", {"body": "x"})
    assert waits == [0.0] * 3


def test_a_limit_without_a_time_is_no_lack_of_rights(github: FakeGitHub) -> None:
    """GitHub's limit on how fast one may write says so in words only: it is waited for, and named in the end."""
    limited = Reply(403, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."})
    waits: list[float] = []
    with Web(github.url, {"authorization": f"Bearer {TOKEN}"}, sleep=waits.append) as web:
        github.replies = [limited]
        web.send("POST", "/repos/acme/data/issues/7/comments", {"body": "x"})
        assert len(waits) == 1
        github.replies = [limited] * 4
        with pytest.raises(HostError, match="limit on requests"):
            web.send("POST", "/repos/acme/data/issues/7/comments", {"body": "x"})


def test_a_check_run_needs_a_right_of_its_own(github: FakeGitHub) -> None:
    """A token that may comment and make no check runs is told which right it lacks."""
    with Web(github.url, {"authorization": f"Bearer {TOKEN}"}) as web:
        github.replies = [Reply(403, {"message": "Resource not accessible by integration"})]
        with pytest.raises(HostError, match="checks: write"):
            web.send("POST", "/repos/acme/data/check-runs", {})


def test_a_write_is_not_repeated_after_a_fault(github: FakeGitHub) -> None:
    """A comment that may have been written is not written again; what only reads is."""
    with Web(github.url, {"authorization": f"Bearer {TOKEN}"}, sleep=lambda _: None) as web:
        github.replies = [Reply(502), Reply(503)]
        web.get("/repos/acme/data/pulls/7")
        assert len(github.requests) == 3
        github.replies = [Reply(502)]
        with pytest.raises(HostError, match="502"):
            web.send("POST", "/repos/acme/data/issues/7/comments", {"body": "x"})
        assert len(github.requests) == 4


def test_the_token_goes_to_no_other_host(github: FakeGitHub) -> None:
    """A next page that is elsewhere is refused, not asked for."""
    github.replies = [
        Reply(200, github._pull(query={}, body=None).document),
        Reply(200, [], {"Link": '<http://127.0.0.1:9/more>; rel="next"'}),
    ]
    with pytest.raises(HostError, match="another host"):
        deed(github, FULL)


def test_a_host_that_is_not_there() -> None:
    """A connection that is refused is one sentence with the address."""
    env = {
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_TOKEN": TOKEN,
    }
    with (
        pytest.raises(HostError, match=r"Cannot reach the code host: GET http://127.0.0.1:9/x"),
        Web(env["GITHUB_API_URL"], {}, sleep=lambda _: None) as web,
    ):
        web.get("/x")


def test_a_user_and_password_of_bitbucket() -> None:
    """Where there is no token, the two of an app password are sent."""
    with FakeBitbucketCloud() as fake:
        more = {"BITBUCKET_TOKEN": "", "BITBUCKET_USERNAME": "me", "BITBUCKET_APP_PASSWORD": TOKEN}
        assert deed(fake, FULL, **more) == "created"


def event(directory: Path, head: str | None, name: str = "pull_request") -> dict[str, str]:
    """The variables of a workflow that a pull request started."""
    repository = None if head is None else {"full_name": head}
    pull = {
        "number": 7,
        "head": {"sha": "a" * 40, "repo": repository},
        "base": {"repo": {"full_name": "acme/data"}},
    }
    path = directory / "event.json"
    path.write_text(json.dumps({"pull_request": pull}), encoding="utf-8")
    return {
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_EVENT_NAME": name,
        "GITHUB_REF": "",
        "GITHUB_SHA": "merge",
    }


def test_the_event_of_a_workflow_names_the_pull_request(github: FakeGitHub, tmp_path: Path) -> None:
    """Its number, and its own commit rather than that of the merge which is tried."""
    assert deed(github, FULL, **event(tmp_path, "acme/data")) == "created"
    header = read_header(github.bodies()[0])
    assert header is not None
    assert header.commit == "a" * 40


@pytest.mark.parametrize("head", ["mallory/data", None])
def test_a_fork_is_asked_nothing(github: FakeGitHub, tmp_path: Path, head: str | None) -> None:
    """Without secrets a fork is passed over, token or not; with secrets it is an error. The host hears of neither."""
    assert deed(github, FULL, **event(tmp_path, head), GITHUB_TOKEN="") == "skipped"
    with pytest.raises(HostError, match="authors could read them"):
        deed(github, FULL, **event(tmp_path, head, "pull_request_target"))
    assert github.requests == []


def test_a_fork_on_gitlab() -> None:
    """A fork's own pipeline is passed over; one of the project, with its secrets, is an error."""
    with FakeGitLab() as fake:
        fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2", "CI_MERGE_REQUEST_PROJECT_ID": "1"}
        assert deed(fake, FULL, **fork, CI_PROJECT_ID="2", GITLAB_TOKEN="") == "skipped"
        with pytest.raises(HostError, match="authors could read them"):
            deed(fake, FULL, **fork)
        assert fake.requests == []


def test_annotations_beside_lines(github: FakeGitHub) -> None:
    """A check run with the findings that have a line, errors first, fifty at most, and how many there were."""
    host, env = surroundings(github)
    findings = tuple(
        Finding(
            "lint/a",
            "error" if number > 65 else "note",
            f"x.{number}",
            "is odd\x1b",
            (),
            Location("m.py", number),
        )
        for number in range(70)
    )
    report = Report("lint", "many", (*findings, Finding("lint/b", "warning", "y", "has no line")), (), {})

    post(report, host, env, check=True)

    (check,) = github.checks
    notes = check["output"]["annotations"]
    assert len(notes) == 50
    assert [note["annotation_level"] for note in notes[:5]] == ["failure"] * 4 + ["notice"]
    assert notes[0] == {
        "path": "m.py",
        "start_line": 66,
        "end_line": 66,
        "annotation_level": "failure",
        "title": "lint/a x.66",
        "message": r"x.66 is odd\x1b",
    }
    assert "20 more findings have a line" in check["output"]["summary"]
    assert (check["conclusion"], check["head_sha"]) == ("failure", github.head)
    assert check["name"] == "prefect-iac lint"
    assert len(beside_lines(automations(10))) == 8


def test_a_pipeline_of_a_branch_finds_its_merge_request() -> None:
    """GitLab lists those of every project that the branch is offered to; only one of the own project is meant."""
    more = {"CI_MERGE_REQUEST_IID": "", "CI_PROJECT_PATH": "acme/data"}
    with FakeGitLab() as fake:
        assert deed(fake, FULL, **more, CI_OPEN_MERGE_REQUESTS="upstream/data!3,acme/data!7") == "created"
        with pytest.raises(HostError, match="No pull request is named"):
            deed(fake, FULL, **more, CI_OPEN_MERGE_REQUESTS="upstream/data!7")


def test_a_check_run_is_githubs_alone() -> None:
    """Elsewhere it is an error before anything is sent."""
    with FakeGitLab() as fake:
        host, env = surroundings(fake)
        with pytest.raises(HostError, match="only GitHub"):
            post(FULL, host, env, check=True)
        assert fake.requests == []


@pytest.mark.parametrize(
    ("host", "env", "said"),
    [
        ("github", {"GITHUB_REPOSITORY": "a/b"}, "`GITHUB_TOKEN` or `GH_TOKEN` is not set"),
        ("github", {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "a/b"}, "No pull request is named"),
        ("gitlab", {"GITLAB_TOKEN": "t"}, "`CI_PROJECT_ID` is not set"),
        ("bitbucket", {}, "`BITBUCKET_WORKSPACE` is not set"),
        ("bitbucket", {"BITBUCKET_SERVER_URL": "http://x"}, "`BITBUCKET_PROJECT_KEY` is not set"),
    ],
)
def test_what_is_missing_is_named(host: HostName, env: dict[str, str], said: str) -> None:
    """The variable that a job lacks."""
    with pytest.raises(HostError, match=said):
        post(FULL, host, env)


def test_enterprise_addresses() -> None:
    """GraphQL of GitHub Enterprise is beside its REST API."""
    from prefect_iac.hosts.surroundings import read_surroundings

    env = {
        "GITHUB_API_URL": "https://git.example/api/v3",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_REF": "refs/pull/3/merge",
        "GH_TOKEN": "t",
    }
    found = read_surroundings("github", env)
    assert found is not None
    assert (found.graphql, found.number) == ("https://git.example/api/graphql", 3)


def test_the_root_is_named_from_the_top(tmp_path: Path) -> None:
    """As every job of the repository sees it, wherever it is checked out."""
    module = tmp_path / "infra" / "prod"
    module.mkdir(parents=True)
    assert root_of(module, {"GITHUB_WORKSPACE": str(tmp_path)}) == "infra/prod"
    assert root_of(tmp_path, {"CI_PROJECT_DIR": str(tmp_path)}) == "."
    assert root_of(tmp_path, {"CI_PROJECT_DIR": str(module)}) == "."


def test_the_workspace_is_the_one_that_terraform_works_on(tmp_path: Path) -> None:
    """By its variable, or as `terraform workspace select` noted it, so that two workspaces have two comments."""
    assert workspace_of(tmp_path, {}) == "default"
    for directory in (".terraform", "data"):
        (tmp_path / directory).mkdir()
        (tmp_path / directory / "environment").write_text(f"of-{directory}", encoding="utf-8")
    assert workspace_of(tmp_path, {}) == "of-.terraform"
    assert workspace_of(tmp_path, {"TF_DATA_DIR": "data"}) == "of-data"
    assert workspace_of(tmp_path, {"TF_WORKSPACE": "named"}) == "named"

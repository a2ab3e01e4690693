"""Answers that are not what they seem: of gateways, of other objects, too large, or with too much in them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from prefect_provider.api import (
    Answer,
    ApiError,
    Complaint,
    Conflict,
    Invalid,
    NotFound,
    Request,
    UnexpectedAnswer,
)
from tests.api.fake_transport import FakeTransport, answer, client, script

A = "0198f3a4-1111-4222-8333-944455556666"
B = "0198f3a4-1111-4222-8333-944455557777"
JSON = {"content-type": "application/json"}


def got(
    reply: Answer, path: str = "/flows/1", method: str = "GET", json: Any = None, **options: Any
) -> ApiError:
    """The error that a request ends with when it is answered so."""

    async def scenario() -> ApiError:
        made = client(FakeTransport(script(reply)), max_retries=0)
        made._server.policy.max_retries = 0
        with pytest.raises(ApiError) as caught:
            await made.send(Request(method, path, json, **options))
        return caught.value

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    "reply",
    [
        Answer(200, JSON, b"null"),
        Answer(200, JSON, b""),
        Answer(204, {}, b""),
        Answer(404, JSON, b'{"message": "no Route matched with those values"}'),
        Answer(404, JSON, b'{"error": "not found"}'),
        Answer(404, JSON, b'{"detail": "Not Found"}'),
        Answer(404, JSON, b'{"detail": ["Flow not found"]}'),
        Answer(404, JSON, b'"Flow not found"'),
        Answer(404, JSON, b"[]"),
        Answer(404, JSON, b"null"),
        Answer(404, JSON, b""),
        Answer(410, JSON, b'{"detail": "Gone"}'),
    ],
    ids=lambda reply: f"{reply.status} {reply.body.decode()}",
)
def test_what_does_not_say_that_an_object_is_gone(reply: Answer) -> None:
    """Only Prefect's own word that an object does not exist counts as that; nothing else drops it from a state."""

    async def scenario() -> None:
        made = client(FakeTransport(script(reply)))
        with pytest.raises(ApiError) as caught:
            await made.workspace().collection("/flows").read("1")

        assert not isinstance(caught.value, NotFound)
        assert "GET /api/flows/1" in str(caught.value)

    asyncio.run(scenario())


def test_words_of_a_gateway_are_passed_on() -> None:
    """What a gateway says of a route that it does not have is shown."""
    error = got(answer(404, {"message": "no Route matched"}))

    assert "has nothing at GET /api/flows/1: no Route matched." in str(error)


@pytest.mark.parametrize("path", ["/flows/filter", "/deployments/count"])
def test_listing_of_nothing(path: str) -> None:
    """Null is no empty listing."""
    assert isinstance(got(Answer(200, JSON, b"null"), path, "POST", {}), UnexpectedAnswer)


@pytest.mark.parametrize(
    ("asked", "data", "text"),
    [
        (A, {"id": B}, f'expected the id {A}, got "{B}"'),
        (A, {}, "it has no id"),
        (A, {"id": None}, "it has no id"),
        (A, {"id": 7}, "it has no id"),
        ("name", {"name": "name"}, "it has no id"),
        (A, [], "expected an object, got list"),
    ],
)
def test_another_object(asked: str, data: Any, text: str) -> None:
    """An answer that is not the object that was asked for is an error, and not that object."""

    async def scenario() -> None:
        made = client(FakeTransport(script(answer(200, data))))
        with pytest.raises(UnexpectedAnswer) as caught:
            await made.workspace().collection("/flows").read(asked)

        assert text in str(caught.value)

    asyncio.run(scenario())


def test_the_object_that_was_asked_for() -> None:
    """Ids compare without regard to case; a name may look like an id."""

    async def scenario() -> None:
        replies = answer(200, {"id": A}), answer(200, {"id": B, "name": A})
        flows = client(FakeTransport(script(*replies))).workspace().collection("/flows")

        assert await flows.read(A.upper()) == {"id": A}
        assert await flows.read(A) == {"id": B, "name": A}

    asyncio.run(scenario())


def test_nesting() -> None:
    """JSON that is nested beyond all reason is an error that names the request."""
    error = got(Answer(200, JSON, b'{"a":' * 100_000))

    assert isinstance(error, UnexpectedAnswer)
    assert "GET /api/flows/1" in str(error)
    assert "its JSON is nested too deeply" in str(error)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://new.test/api/flows/1", "to https://new.test/api/flows/1."),
        ("https://u:hunter2@new.test:8443/api?k=hunter2#hunter2", "to https://new.test:8443/api."),
        ("https://u:hunter@2@new.test/login/hunter2", "to https://new.test/…."),
        ("https://new.test/reset/hunter2/flows", "to https://new.test/…."),
        ("/login?next=hunter2", "to /…."),
        ("https://[hunter2", "to no address."),
        ("//hunter2:x@host:port/", "to no address."),
    ],
)
def test_redirects_show_no_secret(location: str, shown: str) -> None:
    """Where a redirect leads is told without user, query, and any path but the request's own."""
    error = got(Answer(302, {"location": location}, b""))

    assert shown in str(error)
    assert "hunter" not in str(error)


def test_control_characters() -> None:
    """Nothing that a server says commands the terminal, wherever it says it."""
    nasty = "\x1b[2J\x07evil\x9b\u202e"
    errors = [
        got(answer(409, {"detail": nasty})),
        got(answer(422, {"detail": [{"loc": ["body", "n"], "msg": nasty}]})),
        got(answer(404, {"message": nasty})),
        got(Answer(200, {"content-type": nasty}, f"<title>{nasty}</title>".encode())),
        got(Answer(302, {"location": f"https://h/{nasty}"}, b"")),
    ]

    for error in errors:
        shown = str(error) + "".join(map(str, error.problems))
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


VALUES = [
    "hunter2-it's",
    'hunter2 "quoted"',
    "hunter2'\"both",
    "hunter2\nline",
    8734512,
    0.87345125,
    "h2z",
    97,
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("field", ["data", "parameters", "job_variables"])
def test_quoted_values(field: str, value: Any) -> None:
    """Values of blocks, parameters and job variables are in no message, however the server quotes them."""
    sentences = [f"{value!r} is not of type 'array'", f"{{'x': {value!r}, 'y': \"z'z\"}} is not valid"]
    for said in sentences:
        detail = f"Error updating deployment: Validation failed for field 'n'. Failure reason: {said}"
        error = got(
            answer(409, {"detail": detail}), "/deployments/1", "PATCH", {"tags": ["n"], field: {"n": [value]}}
        )

        shown = str(error) + repr(error.problems)
        assert "(sensitive)" in shown
        assert "hunter2" not in shown
        assert "h2z" not in shown
        assert "87345" not in shown
        assert "97" not in shown


def test_values_inside_other_documents() -> None:
    """Parameters of schedules and actions are concealed as well, and what the caller names, document or text."""
    body = {
        "schedules": [{"parameters": {"n": "hunter2a"}}],
        "actions": [{"job_variables": {"env": {"K": "hunter2b"}}}],
    }
    reply = answer(422, {"detail": "hunter2a, hunter2b, hunter2c, hunter2d and the rest"})

    error = got(reply, "/x", "POST", body, conceal=("hunter2c", {"key": ["hunter2d"]}))

    assert error.reason == "(sensitive), (sensitive), (sensitive), (sensitive) and the rest"


def test_shortened_values() -> None:
    """Of a long value, pydantic quotes beginning and end; that is hidden too."""
    secret = "hunter2" + "x" * 100 + "hunter2"
    said = f"1 error\n  Not a number [type=int, input_value='{secret[:24]}...{secret[-24:]}', input_type=str]"

    error = got(answer(422, {"detail": said}), "/x", "POST", {"data": {"n": secret}})

    assert error.reason == "1 error\n  Not a number [type=int, input_value=(sensitive), input_type=str]"


def test_one_letter_headers() -> None:
    """A header of one letter does not hide that letter in every message."""

    async def scenario() -> None:
        reply = answer(409, {"detail": "a variable is there already"})
        made = client(FakeTransport(script(reply)), custom_headers='{"X-A": "a", "X-B": "true"}')
        with pytest.raises(Conflict, match="a variable is there already"):
            await made.post("/variables/", {})

    asyncio.run(scenario())


def test_words_of_a_header() -> None:
    """The token in an Authorization header is hidden also where it stands without its scheme."""

    async def scenario() -> None:
        reply = answer(403, {"detail": "token hunter2-token has expired"})
        made = client(
            FakeTransport(script(reply)), custom_headers='{"Authorization": "Bearer hunter2-token"}'
        )
        with pytest.raises(ApiError, match=r"token \(sensitive\) has expired"):
            await made.get("/flows/1")

    asyncio.run(scenario())


FAILED = (
    "Error updating deployment: Validation failed for field {}. Failure reason: 'x' is not of type 'integer'"
)


@pytest.mark.parametrize(
    ("status", "data", "body", "locs"),
    [
        (409, {"detail": FAILED.format("'n'")}, {"parameters": {"n": "xx"}}, [("parameters", "n")]),
        (422, {"detail": FAILED.format("'n'")}, {"job_variables": {"n": "xx"}}, [("job_variables", "n")]),
        (
            422,
            {"detail": FAILED.format("'n'")},
            {"job_variables": {"n": "xx"}, "parameters": {"n": 1}},
            [("job_variables", "n")],
        ),
        (
            409,
            {"detail": FAILED.format("'n'")},
            {"job_variables": {"n": "xx"}, "parameters": {"n": 1}},
            [("parameters", "n")],
        ),
        (
            422,
            {"detail": FAILED.format("'n'")},
            {"job_variables": {"m": "xx"}, "parameters": {"n": 1}},
            [("parameters", "n")],
        ),
        (
            409,
            {"detail": FAILED.format("\"$['a b'].c[1]['d\\\\'e']\"")},
            {"parameters": {"a b": {}}},
            [("parameters", "a b", "c", 1, "d'e")],
        ),
        (409, {"detail": "Validation failed. Failure reason: no"}, {"parameters": {}}, [("parameters",)]),
        (
            422,
            {
                "exception_message": "Invalid request received.",
                "exception_detail": [
                    {"loc": ["body", "base_job_template", "variables"], "msg": "m"},
                    {"loc": ["body", "triggers", 0], "msg": "m"},
                ],
            },
            {},
            [("base_job_template", "variables"), ("triggers", 0)],
        ),
        (
            422,
            {"detail": "Validation failed for work pool's job variable defaults: " + FAILED.format("'n'")},
            {"base_job_template": {}},
            [("base_job_template", "variables", "properties", "n")],
        ),
        (
            422,
            {"exception_detail": [{"loc": ["body"], "msg": "Value error, " + FAILED.format("'n'")}]},
            {"job_variables": {"n": 1}, "parameters": {"n": "xx"}},
            [("parameters", "n")],
        ),
        (409, {"detail": [{"loc": ["body", "name"], "msg": "taken"}]}, {}, [("name",)]),
        (422, {"detail": ["Error updating deployment: no"]}, {}, []),
    ],
)
def test_places_of_problems(status: int, data: Any, body: Any, locs: list[tuple[str | int, ...]]) -> None:
    """Where the server names the place of a problem, the error has it as a place in the body, whatever the status."""
    error = got(answer(status, data), "/deployments/1", "PATCH", body)

    assert [problem.loc for problem in error.problems] == locs
    assert all(problem.msg for problem in error.problems)
    assert error.reason
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "detail", "kind", "title"),
    [
        (409, FAILED.format("'n'"), Invalid, "Prefect does not accept the values"),
        (422, FAILED.format("'n'"), Invalid, "Prefect does not accept the values"),
        (
            409,
            "Error creating deployment: <ValidationError: '\\'x\\' is no'>",
            Invalid,
            "Prefect does not accept the values",
        ),
        (409, "A work pool with this name already exists.", Conflict, "Conflict with another object"),
        (409, "Data integrity conflict. This usually means", Conflict, "Conflict with another object"),
    ],
)
def test_failed_validation_is_no_conflict(status: int, detail: str, kind: type[ApiError], title: str) -> None:
    """A 409 for values that do not fit a schema is no conflict with another object."""
    error = got(answer(status, {"detail": detail}), "/x", "PATCH", {"parameters": {}})

    assert type(error) is kind
    assert error.title == title


def test_problem_says_its_place() -> None:
    """A place reads as it is written in a configuration, and a full stop is not doubled."""
    assert str(Complaint(("triggers", 0, "my key"), "no")) == 'triggers[0]["my key"]: no'
    assert str(got(answer(409, {"detail": "It exists already."}))).count("..") == 0
    assert str(ApiError("What.", reason="why", remedy="how.")) == "What: why. how."


@pytest.mark.parametrize(
    "odd",
    [
        Answer(200, {"content-type": "text/html"}, b"<html>starting</html>"),
        answer(200),
        answer(500, {"detail": "x"}),
    ],
    ids=["page", "nothing", "500"],
)
def test_a_read_without_a_sensible_answer_is_tried_again(odd: Answer) -> None:
    """A server that has answered before is asked up to three times; a first answer that makes no sense is final."""
    good = answer(200, {"id": "1"})
    transport = FakeTransport(script(good, odd, odd, good, odd, odd, odd))

    async def story() -> list[Any]:
        async with client(transport) as prefect:
            found = [(await prefect.get("/flows/1")).data, (await prefect.get("/flows/1")).data]
            with pytest.raises(ApiError):
                await prefect.get("/flows/1")
        return found

    assert asyncio.run(story()) == [{"id": "1"}, {"id": "1"}]
    assert len(transport.sent) == 7

    first = FakeTransport(script(odd, odd, odd))

    async def at_once() -> None:
        async with client(first) as prefect:
            await prefect.get("/flows/1")

    with pytest.raises(ApiError):
        asyncio.run(at_once())
    # Prefect itself answers 500 in JSON, a page is somebody else's.
    assert len(first.sent) == (3 if odd.status == 500 else 1)

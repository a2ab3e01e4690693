"""What is taken for a secret: by its name, inside a text, and in whole documents."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from prefect_iac.secrecy.documents import masked
from prefect_iac.secrecy.names import sounds_secret
from prefect_iac.secrecy.texts import masked_text

HIDDEN = "(sensitive)"

# By how they are written.
SECRET_NAMES = [
    *(
        "password",
        "Password",
        "PASSWORD",
        "passwd",
        "passphrase",
        "pwd",
        "db_pw",
        "PASSWORD2",
        "password_hash",
    ),
    *(
        "user.password",
        "proxyPassword",
        "DB_PASSWORD",
        "DB_PASSWORD_OLD",
        "PGPASSWORD",
        "MYSQL_ROOT_PASSWORD",
    ),
    *(
        "dbPass",
        "DB_PASS",
        "pgpass",
        "dbpwd",
        "token",
        "tokens",
        "accessToken",
        "access_token",
        "access-token",
    ),
    *("X-Auth-Token", "GITHUB_TOKEN", "githubtoken", "OAuthToken", "tokenV2", "apiKey", "api_key", "api-key"),
    *(
        "APIKey",
        "APIKEY",
        "X-Api-Key",
        "apiKeys",
        "key",
        "service_account_key",
        "encryption_key",
        "accountKey",
    ),
    *("privateKey", "ssh-private-key", "PRIVATE_KEY_PEM", "SecretAccessKey", "AWS_SECRET_ACCESS_KEY"),
    *("AWS_ACCESS_KEY_ID", "secret", "secrets", "clientSecret", "client_secret", "secret_id", "credentials"),
    *("gcp_credentials_json", "GOOGLE_CREDENTIALS", "creds", "auth", "Authorization", "basicAuth", "BEARER"),
    *("bearer-token", "dsn", "SENTRY_DSN", "sasToken", "SAS_URL", "cookie", "jwt", "connectionString"),
    *(
        "connection_string",
        "AzureWebJobsStorageConnectionString",
        "CONNSTR",
        "GITHUB_PAT",
        "SLACK_WEBHOOK_URL",
    ),
]

INNOCENT_NAMES = [
    *(
        "keyspace",
        "monkey",
        "turkey",
        "keyboard",
        "hotkey",
        "keys",
        "primary_key",
        "partitionKey",
        "SORT_KEY",
    ),
    *("foreign-key", "public_key", "s3_key", "token_count", "tokenCount", "max_tokens", "maxNewTokens"),
    *("tokens_per_minute", "TOTAL_TOKENS", "tokenizer", "token_limit", "token_url", "tokenType"),
    *("password_policy", "passwordMinLength", "secret_name", "secretName", "SECRET_ARN", "secretKeyRef"),
    *("credentials_file", "auth_type", "authMethod", "author", "authority", "authenticated", "compass"),
    *("bypass", "passenger", "passthrough", "pass_rate", "secretary", "key_vault_name", "key_columns"),
    *(
        "name",
        "value",
        "type",
        "cron",
        "path",
        "region",
        "id",
        "env",
        "tags",
        "description",
        "",
        "\u00fc",
        "42",
    ),
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_of_secrets(name: str) -> None:
    """A name that says secret does so in snake, camel and kebab case, in capitals, written together, with more."""
    assert sounds_secret(name)


@pytest.mark.parametrize("name", INNOCENT_NAMES)
def test_innocent_names(name: str) -> None:
    """A name that only contains such a word, or speaks about a secret, hides nothing."""
    assert not sounds_secret(name)


TEXTS = {
    "postgres://bob:p@ss:w@db.example:5432/x": "postgres://bob:(sensitive)@db.example:5432/x",
    "redis://:hush@cache/0": "redis://:(sensitive)@cache/0",
    "git clone https://hush@github.com/a/b": "git clone https://(sensitive)@github.com/a/b",
    "ssh://git@github.com/a/b": "ssh://git@github.com/a/b",
    "https://host:8080/path?a=b@c": "https://host:8080/path?a=b@c",
    "https://host/hook?a=1&token=hush&b=2": "https://host/hook?a=1&token=(sensitive)&b=2",
    "Server=db;User Id=sa;Password=hush;Encrypt=yes": "Server=db;User Id=sa;Password=(sensitive);Encrypt=yes",
    "AccountName=a;AccountKey=aHVzaA==;": "AccountName=a;AccountKey=(sensitive);",
    "curl -H 'Authorization: Bearer hushhush' x": "curl -H 'Authorization: (sensitive)' x",
    "header Bearer abcdef123456 sent": "header Bearer (sensitive) sent",
    "psql --password hush --host h": "psql --password (sensitive) --host h",
    "tool --api-key=hush run": "tool --api-key=(sensitive) run",
    "DB_PASSWORD=hush": "DB_PASSWORD=(sensitive)",
    "export PGPASSWORD='hu sh'; psql": "export PGPASSWORD='(sensitive)'; psql",
    'password: "hu \\" sh", next: 1': 'password: "(sensitive)", next: 1',
    "use ghp_0123456789abcdefghij now": "use (sensitive) now",
    "PREFECT pnu_0123456789abcdefghijklm": "PREFECT (sensitive)",
    "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl": "(sensitive)",
    "https://hooks.slack.com/services/T0/B0/x": "https://hooks.slack.com/(sensitive)",
    "a\n-----BEGIN RSA PRIVATE KEY-----\nhush\n-----END RSA PRIVATE KEY-----\nb": "a\n(sensitive)\nb",
    "token={{ prefect.blocks.secret.x }}": "token={{ prefect.blocks.secret.x }}",
    "every monkey=3 and key words: none": "every monkey=3 and key words: none",
    "": "",
}


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:40])
def test_secrets_inside_texts(text: str) -> None:
    """Only the secret in a text is hidden: in URLs, connection strings, scripts, headers, and by its form."""
    assert masked_text(text) == TEXTS[text]


DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "keys": (
        {"apiKey": "hush", "deep": [{"DB_PASSWORD": "hush", "keyspace": "seen"}]},
        {"apiKey": HIDDEN, "deep": [{"DB_PASSWORD": HIDDEN, "keyspace": "seen"}]},
    ),
    "whole values": (
        {"credentials": {"user": "hush"}, "tokens": ["hush"]},
        {"credentials": HIDDEN, "tokens": HIDDEN},
    ),
    "environment of Kubernetes": (
        {"env": [{"name": "DB_PASSWORD", "value": "hush"}, {"name": "PLAIN", "value": "seen"}]},
        {"env": [{"name": "DB_PASSWORD", "value": HIDDEN}, {"name": "PLAIN", "value": "seen"}]},
    ),
    "reference of Kubernetes": (
        [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "seen"}}}],
        [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "seen"}}}],
    ),
    "pair of key and value": (
        [{"Key": "api-token", "Value": "hush"}, {"key": "color", "value": "seen"}],
        [{"Key": "api-token", "Value": HIDDEN}, {"key": "color", "value": "seen"}],
    ),
    "arguments": (["--host", "seen", "--password", "hush"], ["--host", "seen", "--password", HIDDEN]),
    "environment of Docker": (["A=seen", "DB_PASSWORD=hush"], ["A=seen", f"DB_PASSWORD={HIDDEN}"]),
    "JSON in JSON": (
        {"config": json.dumps({"password": "hush", "user": "seen"})},
        {"config": '{"password":"(sensitive)","user":"seen"}'},
    ),
    "JSON in JSON in JSON": (
        {"config": json.dumps({"inner": json.dumps([{"name": "token", "value": "hush"}])})},
        {"config": '{"inner":"[{\\"name\\":\\"token\\",\\"value\\":\\"(sensitive)\\"}]"}'},
    ),
    "innocent JSON in JSON keeps its spelling": ({"c": '{ "a": 1 }'}, {"c": '{ "a": 1 }'}),
    "names of secrets are none": (
        {"token": "{{ prefect.blocks.secret.x }}", "use_auth": True, "password": None},
        {"token": "{{ prefect.blocks.secret.x }}", "use_auth": True, "password": None},
    ),
    "numbers": ({"password": 12345678, "max_tokens": 4096}, {"password": HIDDEN, "max_tokens": 4096}),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_secrets_in_documents(case: str) -> None:
    """Secrets are hidden at any depth of a document, by their key, by a name beside them, and in JSON inside JSON."""
    document, expected = DOCUMENTS[case]
    assert masked(document) == expected
    assert "hush" not in json.dumps(masked(document))


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "://",
        "a=:",
        "--a ",
        '"',
        "-----BEGIN PRIVATE KEY-----",
        "Bearer ",
        "eyJaaaaa.",
        "password='",
        "://a:",
    ],
)
def test_long_texts_take_no_time(part: str) -> None:
    """A megabyte of what begins like a secret, over and over, is looked through in linear time."""
    started = time.perf_counter()
    masked_text(part * (1_000_000 // len(part)))
    assert time.perf_counter() - started < 30

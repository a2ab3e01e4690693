"""Objects of S3 that make flow runs: what the AWS Lambda function of ``examples/aws_lambda`` needs, as a construct.

It is the Terraform module ``modules/s3-to-flow-run``, block by block. The resources of AWS are plain blocks, so no
bindings of that provider are needed; where there are some, they may stand beside it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

from prefect_constructs._generated import DataPrefectDeployment, PrefectDeployment
from prefect_constructs._runtime import Construct, Fn, TerraformDataSource, TerraformResource
from prefect_constructs.documents import DocumentError, json_text, plain
from prefect_constructs.durations import Duration, seconds
from prefect_constructs.errors import refuse
from prefect_constructs.placement import place
from prefect_constructs.tokens import is_expression, is_unresolved, number_in_text
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_constructs._generated.references import AnyDeployment
    from prefect_constructs._runtime import Scope
    from prefect_constructs.argument_types import TextMap, Texts

__all__ = ["RunMemory", "S3ToFlowRun"]

_DEPLOYMENT: Final = re.compile(r"[^/]+/[^/]+|[0-9a-fA-F-]{36}")

_POOLS: Final = ("docker", "ecs", "kubernetes")
_MEMORY: Final[Mapping[str, float]] = {"base": 512, "per_byte": 3, "most": 30720, "cpu": 1024}

_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}


class RunMemory(TypedDict, total=False):
    """How the memory of a run follows the size of its object.

    ``pool`` is the type of the work pool; ``base`` are MiB for every run (512), ``per_byte`` bytes for each of the
    object (3), ``most`` MiB at most (30720), and ``cpu`` the units that a task of ECS has at least (1024).
    """

    pool: Literal["docker", "ecs", "kubernetes"]
    base: float
    per_byte: float
    most: float
    cpu: float


class S3ToFlowRun(Construct):
    """New objects of an S3 bucket make runs of a deployment, or events that automations act on.

    For example::

        S3ToFlowRun(
            self,
            "load-files",
            bucket="incoming",
            suffix=".csv",
            package=Path("start-flow-run.zip"),
            api_url="https://prefect.example.com/api",
            api_key_parameter="/prefect/api-key",
            deployment=load_files,
            parameters={"path": "{uri}", "size": "{size}"},
            memory={"pool": "kubernetes"},
        )

    The stack needs the AWS provider. Texts of `parameters`, `run_name` and `idempotency_key` may have fields of the
    object in them, such as `{bucket}`, `{key}`, `{uri}`, `{name}` and `{size}`.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`.
        bucket: Name of the bucket.
        package: The function's archive, as `python examples/aws_lambda/archive.py FILE.zip` writes it. A text is a path
            where Terraform runs, a `Path` one where this program does.
        api_url: Address of Prefect's API, which the function has to reach.
        deployment: The deployment, its id, or `flow/deployment`, which stays the same over versions. Default: events.
        name: Name of the function, its role, its log and its rule. Default: `id_`.
        api_key_parameter: Name of the SSM parameter (SecureString) that holds the API key.
        auth_string_parameter: Name of the one that holds `user:password` of a server that asks for it.
        kms_key_arn: The KMS key of that parameter, if it is not the account's own for SSM.
        prefix: Only objects whose key starts so.
        suffix: Only objects whose key ends so.
        parameters: Parameters of the runs.
        run_name: Name of the runs.
        run_tags: Tags of the runs.
        delay: How long after an object was stored its run starts.
        idempotency_key: What makes one run. Default: an object; with a window, a bucket.
        idempotency_window: Objects that were stored in the same so long make one run. Default: each its own.
        memory: How the memory of a run follows the object's size.
        refused: What becomes of objects whose run Prefect refuses: they are only in the log, or the call fails.
        trigger: Who tells the function.
        manage_bucket_notification: Whether to set the notifications of the bucket, which are one resource.
        failure_destination_arn: The SQS queue or SNS topic that gets the calls that failed three times.
        subnet_ids: The subnets of a VPC from which the function reaches an API that only they reach, and SSM.
        security_group_ids: The security groups of the function in that VPC.
        runtime: The function's Python.
        timeout: How long a call may take.
        log_retention_days: How long the function's log is kept.
        tags: Tags of what is made in AWS.

    Raises:
        PrefectConstructError: an argument is none that the function or Terraform takes.
    """

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        bucket: str,
        package: str | Path,
        api_url: str,
        deployment: AnyDeployment | str | None = None,
        name: str | None = None,
        api_key_parameter: str | None = None,
        auth_string_parameter: str | None = None,
        kms_key_arn: str | None = None,
        prefix: str = "",
        suffix: str = "",
        parameters: Mapping[str, Any] | None = None,
        run_name: str = "{key}",
        run_tags: Texts = (),
        delay: Duration = 0,
        idempotency_key: str | None = None,
        idempotency_window: Duration = 0,
        memory: RunMemory | None = None,
        refused: Literal["log", "raise"] = "log",
        trigger: Literal["eventbridge", "s3"] = "eventbridge",
        manage_bucket_notification: bool = True,
        failure_destination_arn: str | None = None,
        subnet_ids: Texts = (),
        security_group_ids: Texts = (),
        runtime: str = "python3.13",
        timeout: Duration = 60,
        log_retention_days: int = 30,
        tags: TextMap | None = None,
    ) -> None:
        where = place(type(self).__name__, scope, id_)
        outer: Any = scope
        super().__init__(outer, id_)
        _check_choice(where, ("refused",), refused, ("log", "raise"))
        _check_choice(where, ("trigger",), trigger, ("eventbridge", "s3"))
        if not is_expression(api_url) and not api_url.startswith(("https://", "http://")):
            expected = "an address that starts with https:// or http://"
            raise refuse(where, ("api_url",), expected=expected, got=show(api_url))
        called = id_ if name is None else name
        identified = _deployment(where, deployment)
        if identified is None:
            of_runs = {
                "parameters": parameters,
                "run_tags": run_tags,
                "delay": delay,
                "idempotency_key": idempotency_key,
                "idempotency_window": idempotency_window,
                "memory": memory,
            }
            _check_events(where, [argument for argument, value in of_runs.items() if value])

        account = self._look_up("account", "aws_caller_identity").get_string_attribute("account_id")
        partition = self._look_up("partition", "aws_partition").get_string_attribute("partition")
        bucket_arn = f"arn:{partition}:s3:::{bucket}"
        secrets = [one for one in (api_key_parameter, auth_string_parameter) if one]

        environment = {"PREFECT_API_URL": api_url, "PREFECT_REFUSED": refused}
        if api_key_parameter:
            environment["PREFECT_API_KEY_PARAMETER"] = api_key_parameter
        if auth_string_parameter:
            environment["PREFECT_API_AUTH_STRING_PARAMETER"] = auth_string_parameter
        if identified is not None:
            environment |= {
                "PREFECT_DEPLOYMENT": identified,
                "PREFECT_PARAMETERS": _parameters(where, parameters or {}),
                "PREFECT_RUN_NAME": run_name,
                "PREFECT_TAGS": ",".join(run_tags),
                "PREFECT_DELAY_SECONDS": _number(where, ("delay",), seconds(delay)),
                "PREFECT_IDEMPOTENCY_WINDOW": _number(
                    where, ("idempotency_window",), seconds(idempotency_window)
                ),
                **({} if idempotency_key is None else {"PREFECT_IDEMPOTENCY_KEY": idempotency_key}),
                **({} if memory is None else _memory(where, memory)),
            }

        log = self._make(
            "log",
            "aws_cloudwatch_log_group",
            name=f"/aws/lambda/{called}",
            retention_in_days=log_retention_days,
            tags=dict(tags or {}),
        )
        self.role: Final = self._make(
            "role",
            "aws_iam_role",
            name=called,
            assume_role_policy=json_text(_TRUST),
            tags=dict(tags or {}),
        )
        """The function's role, for what else it is to be allowed."""
        statements = [
            _allow(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log.get_string_attribute('arn')}:*"]),
            *_allowed_secrets(secrets, f"arn:{partition}:ssm:*:{account}:parameter/", kms_key_arn),
            # The size, where a notification does not say it; and that an object is gone, rather than forbidden.
            *_allowed_sizes(memory, bucket_arn),
            *_allowed_interfaces(subnet_ids),
            *_allowed_failures(failure_destination_arn),
        ]
        policy = self._make(
            "policy",
            "aws_iam_role_policy",
            name=called,
            role=self.role.get_string_attribute("name"),
            policy=json_text({"Version": "2012-10-17", "Statement": statements}),
        )
        archive = str(package.absolute()) if isinstance(package, Path) else package
        entry = "send_events" if identified is None else "start_flow_runs"
        self.function: Final = self._make(
            "function",
            "aws_lambda_function",
            after=[log, policy],
            function_name=called,
            role=self.role.get_string_attribute("arn"),
            filename=archive,
            source_code_hash=Fn.filebase64sha256(archive),
            runtime=runtime,
            handler=f"aws_lambda.handler.{entry}",
            timeout=seconds(timeout),
            tags=dict(tags or {}),
            environment=[{"variables": environment}],
            vpc_config=_network(subnet_ids, security_group_ids),
        )
        """The function; its `arn` is for notifications that are set elsewhere."""
        function_name = self.function.get_string_attribute("function_name")
        failing = [{"on_failure": [{"destination": failure_destination_arn}]}]
        # Trying again makes no second run: runs have an idempotency key, events an id.
        self._make(
            "invocation",
            "aws_lambda_function_event_invoke_config",
            function_name=function_name,
            maximum_retry_attempts=2,
            destination_config=None if failure_destination_arn is None else failing,
        )
        if trigger == "s3":
            source = {"principal": "s3.amazonaws.com", "source_arn": bucket_arn, "source_account": account}
            called_by_s3 = {
                "lambda_function_arn": self.function.get_string_attribute("arn"),
                "events": ["s3:ObjectCreated:*"],
                "filter_prefix": prefix,
                "filter_suffix": suffix,
            }
        else:
            rule = self._rule(called, bucket, _key_pattern(prefix, suffix), dict(tags or {}))
            source = {
                "principal": "events.amazonaws.com",
                "source_arn": rule.get_string_attribute("arn"),
            }
            called_by_s3 = {}
        permission = self._make(
            "permission",
            "aws_lambda_permission",
            statement_id="new-objects",
            action="lambda:InvokeFunction",
            function_name=function_name,
            principal=source["principal"],
            source_arn=source["source_arn"],
            source_account=source.get("source_account"),
        )
        if manage_bucket_notification:
            self._make(
                "notification",
                "aws_s3_bucket_notification",
                after=[permission],
                bucket=bucket,
                eventbridge=trigger == "eventbridge",
                lambda_function=[called_by_s3] if called_by_s3 else None,
            )

    def _rule(
        self, called: str, bucket: str, keys: dict[str, Any], tags: dict[str, str]
    ) -> TerraformResource:
        """The rule of EventBridge that calls the function."""
        pattern = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket]}, **keys},
        }
        rule = self._make(
            "rule",
            "aws_cloudwatch_event_rule",
            name=called,
            description=f"New objects of {bucket}, for Prefect",
            event_pattern=json_text(pattern),
            tags=tags,
        )
        self._make(
            "target",
            "aws_cloudwatch_event_target",
            rule=rule.get_string_attribute("name"),
            target_id="start-flow-run",
            arn=self.function.get_string_attribute("arn"),
        )
        return rule

    def _make(
        self, id_: str, type_name: str, *, after: Sequence[TerraformResource] = (), **attributes: Any
    ) -> TerraformResource:
        """A resource of any provider, as a block."""
        scope: Any = self
        before: Any = list(after) or None
        made = TerraformResource(scope, id_, terraform_resource_type=type_name, depends_on=before)
        for attribute, value in attributes.items():
            if value is not None:
                made.add_override(attribute, value)
        return made

    def _look_up(self, id_: str, type_name: str) -> TerraformDataSource:
        scope: Any = self
        return TerraformDataSource(scope, id_, terraform_resource_type=type_name)


def _deployment(where: Callable[[], str], given: Any) -> str | None:
    match given:
        case PrefectDeployment() | DataPrefectDeployment():
            return given.id
        case None:
            return None
        case str() if is_expression(given) or _DEPLOYMENT.fullmatch(given):
            return given
    expected = "a deployment, its id, or flow/deployment"
    raise refuse(where, ("deployment",), expected=expected, got=show(given))


def _check_events(where: Callable[[], str], given: list[str]) -> None:
    if given:
        what = f"without a deployment there are no runs, which {names(given, last='and')} would be of"
        raise refuse(where, (given[0],), what, remedy="Leave it out, or name the deployment.")


def _parameters(where: Callable[[], str], given: Mapping[str, Any]) -> str:
    try:
        return json_text(plain(given, ("parameters",)))
    except DocumentError as error:
        raise refuse(where, error.path, expected=error.expected, got=error.got) from error


def _check_choice(
    where: Callable[[], str], path: tuple[str, ...], given: object, choices: Sequence[str]
) -> None:
    if given not in choices:
        raise refuse(where, path, expected=names(choices, last="or"), got=show(given))


def _number(where: Callable[[], str], path: tuple[str, ...], value: Any) -> str:
    """A number as Terraform writes it into a text."""
    if not is_unresolved(value) and (
        isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0
    ):
        raise refuse(where, path, expected="a number that is not negative", got=show(value))
    return number_in_text(value)


def _memory(where: Callable[[], str], memory: RunMemory) -> dict[str, str]:
    given = dict(memory)
    for key in given:
        if key != "pool" and key not in _MEMORY:
            near = closest(key, ["pool", *_MEMORY])
            remedy = f'Did you mean "{near}"?' if near else f"It has {names(['pool', *_MEMORY])}."
            raise refuse(where, ("memory", key), "there is no such setting", remedy=remedy)
    _check_choice(where, ("memory", "pool"), given.get("pool"), _POOLS)
    numbers = {
        f"PREFECT_MEMORY_{key.upper()}": _number(where, ("memory", key), given.get(key, default))
        for key, default in _MEMORY.items()
    }
    return {"PREFECT_MEMORY_FOR": str(given["pool"]), **numbers}


def _key_pattern(prefix: str, suffix: str) -> dict[str, Any]:
    """Several patterns of a key are alternatives, so both of its ends have to be in one."""
    if prefix and suffix:
        pattern = {"wildcard": f"{prefix}*{suffix}"}
    elif prefix or suffix:
        pattern = {"prefix": prefix} if prefix else {"suffix": suffix}
    else:
        return {}
    return {"object": {"key": [pattern]}}


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _allowed_secrets(secrets: list[str], arn: str, kms_key_arn: str | None) -> list[dict[str, Any]]:
    statements = []
    if secrets:
        statements.append(_allow(["ssm:GetParameter"], [arn + name.removeprefix("/") for name in secrets]))
    if kms_key_arn is not None:
        statements.append(_allow(["kms:Decrypt"], [kms_key_arn]))
    return statements


def _allowed_sizes(memory: RunMemory | None, bucket_arn: str) -> list[dict[str, Any]]:
    actions = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
    return [] if memory is None else [_allow(actions, [bucket_arn, f"{bucket_arn}/*"])]


def _network(subnet_ids: Texts, security_group_ids: Texts) -> list[dict[str, Any]] | None:
    within = {"subnet_ids": list(subnet_ids), "security_group_ids": list(security_group_ids)}
    return [within] if subnet_ids else None


def _allowed_interfaces(subnet_ids: Texts) -> list[dict[str, Any]]:
    """What a function in a VPC needs."""
    actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ]
    return [_allow(actions, ["*"])] if subnet_ids else []


def _allowed_failures(arn: str | None) -> list[dict[str, Any]]:
    """What the function has to do with the queue or topic; of one that is not known yet, either."""
    if arn is None:
        return []
    if is_expression(arn):
        return [_allow(["sqs:SendMessage", "sns:Publish"], [arn])]
    return [_allow(["sns:Publish" if ":sns:" in arn else "sqs:SendMessage"], [arn])]

"""A stand-in for the AWS provider: the resource types that are used here, with the attributes that are used.

Which of them are required, set by AWS, or make a new object follows the documentation of ``hashicorp/aws``. Objects
live in a file; nothing is held against what AWS accepts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import Bool, Integer, ListOf, MapOf, SetOf, String
from prefect_provider.plugin.language.nested import NestedList
from prefect_provider.plugin.language.resource import DataSource
from tests.plugin.toy.things import Remote

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["DATA_SOURCES", "RESOURCES"]


class Role(Remote):
    """A role of IAM."""

    type_name = "aws_iam_role"

    name = required(String(), "Its name.", replace=True)
    assume_role_policy = required(String(), "Who may take it on, as JSON.")
    tags = optional(MapOf(String()), "Its tags.")
    arn = computed(String(), "Its ARN.")


class RolePolicy(Remote):
    """What a role may do."""

    type_name = "aws_iam_role_policy"

    name = required(String(), "Its name.", replace=True)
    role = required(String(), "Name of the role.", replace=True)
    policy = required(String(), "The policy, as JSON.")


class LogGroup(Remote):
    """A log."""

    type_name = "aws_cloudwatch_log_group"

    name = required(String(), "Its name.", replace=True)
    retention_in_days = optional(Integer(), "How long it is kept.")
    tags = optional(MapOf(String()), "Its tags.")
    arn = computed(String(), "Its ARN.")


class Environment(Nested):
    """The environment of a function."""

    variables = optional(MapOf(String()), "The variables.")


class VpcConfig(Nested):
    """Where in a network a function is."""

    subnet_ids = required(SetOf(String()), "The subnets.")
    security_group_ids = required(SetOf(String()), "The security groups.")


class Function(Remote):
    """A function of Lambda."""

    type_name = "aws_lambda_function"

    function_name = required(String(), "Its name.", replace=True)
    role = required(String(), "ARN of its role.")
    filename = optional(String(), "Its archive.")
    source_code_hash = optional(String(), "Of the archive.")
    runtime = optional(String(), "What it runs on.")
    handler = optional(String(), "What is called.")
    timeout = optional(Integer(), "Seconds.", default=3)
    tags = optional(MapOf(String()), "Its tags.")
    environment = optional(NestedList(Environment), "Its environment.")
    vpc_config = optional(NestedList(VpcConfig), "Its network.")
    arn = computed(String(), "Its ARN.")


class Permission(Remote):
    """Who may call a function."""

    type_name = "aws_lambda_permission"

    statement_id = optional(String(), "Its name.", replace=True)
    action = required(String(), "What may be done.", replace=True)
    function_name = required(String(), "The function.", replace=True)
    principal = required(String(), "Who may.", replace=True)
    source_arn = optional(String(), "For what.", replace=True)
    source_account = optional(String(), "Of which account.", replace=True)


class OnFailure(Nested):
    """Where failed calls go."""

    destination = required(String(), "ARN of a queue or topic.")


class DestinationConfig(Nested):
    """Where calls go once they are done."""

    on_failure = optional(NestedList(OnFailure), "Failed ones.")


class EventInvokeConfig(Remote):
    """What becomes of calls that nobody waits for."""

    type_name = "aws_lambda_function_event_invoke_config"

    function_name = required(String(), "The function.", replace=True)
    maximum_retry_attempts = optional(Integer(), "How often again.", default=2)
    destination_config = optional(NestedList(DestinationConfig), "Where calls go.")


class FunctionNotification(Nested):
    """A function that a bucket calls."""

    lambda_function_arn = required(String(), "ARN of the function.")
    events = required(ListOf(String()), "Of what it is told.")
    filter_prefix = optional(String(), "How keys start.")
    filter_suffix = optional(String(), "How keys end.")


class BucketNotification(Remote):
    """All that a bucket tells."""

    type_name = "aws_s3_bucket_notification"

    bucket = required(String(), "Name of the bucket.", replace=True)
    eventbridge = optional(Bool(), "Whether EventBridge is told.", default=False)
    lambda_function = optional(NestedList(FunctionNotification), "Functions that are told.")


class EventRule(Remote):
    """A rule of EventBridge."""

    type_name = "aws_cloudwatch_event_rule"

    name = required(String(), "Its name.", replace=True)
    description = optional(String(), "What it is for.")
    event_pattern = optional(String(), "Which events, as JSON.")
    tags = optional(MapOf(String()), "Its tags.")
    arn = computed(String(), "Its ARN.")


class InputTransformer(Nested):
    """What a target gets of an event."""

    input_paths = optional(MapOf(String()), "What is taken of the event.")
    input_template = required(String(), "What is made of it.")


class DeadLetterConfig(Nested):
    """Where events go that could not be delivered."""

    arn = optional(String(), "ARN of a queue.")


class EventTarget(Remote):
    """What a rule calls."""

    type_name = "aws_cloudwatch_event_target"

    rule = required(String(), "Name of the rule.", replace=True)
    target_id = optional(String(), "Its name.", replace=True)
    arn = required(String(), "What is called.")
    role_arn = optional(String(), "As whom.")
    input_transformer = optional(NestedList(InputTransformer), "With what.")
    dead_letter_config = optional(NestedList(DeadLetterConfig), "What if not.")


class ApiKey(Nested):
    """A header."""

    key = required(String(), "Its name.")
    value = required(String(), "Its value.", sensitive=True)


class Basic(Nested):
    """User and password."""

    username = required(String(), "The user.")
    password = required(String(), "The password.", sensitive=True)


class AuthParameters(Nested):
    """How a connection authenticates."""

    api_key = optional(NestedList(ApiKey), "With a header.")
    basic = optional(NestedList(Basic), "With a password.")


class EventConnection(Remote):
    """How EventBridge authenticates."""

    type_name = "aws_cloudwatch_event_connection"

    name = required(String(), "Its name.", replace=True)
    authorization_type = required(String(), "How.")
    auth_parameters = optional(NestedList(AuthParameters), "With what.")
    arn = computed(String(), "Its ARN.")


class EventApiDestination(Remote):
    """An address that EventBridge calls."""

    type_name = "aws_cloudwatch_event_api_destination"

    name = required(String(), "Its name.", replace=True)
    connection_arn = required(String(), "How to authenticate.")
    http_method = required(String(), "Such as POST.")
    invocation_endpoint = required(String(), "The address.")
    arn = computed(String(), "Its ARN.")


class CallerIdentity(DataSource):
    """Whose account it is."""

    type_name = "aws_caller_identity"

    id = computed(String(), "The account.")
    account_id = computed(String(), "The account.")

    async def read(self, config: Values) -> Values:
        """The account of AWS's examples."""
        return {"id": "111122223333", "account_id": "111122223333"}


class Partition(DataSource):
    """Which AWS it is."""

    type_name = "aws_partition"

    id = computed(String(), "Its name in ARNs.")
    partition = computed(String(), "Its name in ARNs.")

    async def read(self, config: Values) -> Values:
        """The commercial one."""
        return {"id": "aws", "partition": "aws"}


RESOURCES = (
    BucketNotification,
    EventApiDestination,
    EventConnection,
    EventInvokeConfig,
    EventRule,
    EventTarget,
    Function,
    LogGroup,
    Permission,
    Role,
    RolePolicy,
)
DATA_SOURCES = (CallerIdentity, Partition)

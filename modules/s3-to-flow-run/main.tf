data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  bucket_arn = "arn:${local.partition}:s3:::${var.bucket}"

  environment = merge(
    {
      PREFECT_API_URL = var.api_url
      PREFECT_REFUSED = var.refused
    },
    var.api_key_parameter == null ? {} : { PREFECT_API_KEY_PARAMETER = var.api_key_parameter },
    var.auth_string_parameter == null ? {} : { PREFECT_API_AUTH_STRING_PARAMETER = var.auth_string_parameter },
    var.deployment == null ? {} : {
      PREFECT_DEPLOYMENT         = var.deployment
      PREFECT_PARAMETERS         = jsonencode(var.parameters)
      PREFECT_RUN_NAME           = var.run_name
      PREFECT_TAGS               = join(",", var.run_tags)
      PREFECT_DELAY_SECONDS      = tostring(var.delay_seconds)
      PREFECT_IDEMPOTENCY_WINDOW = tostring(var.idempotency_window)
    },
    var.deployment == null || var.idempotency_key == null ? {} : { PREFECT_IDEMPOTENCY_KEY = var.idempotency_key },
    var.deployment == null || var.memory == null ? {} : {
      PREFECT_MEMORY_FOR      = var.memory.pool
      PREFECT_MEMORY_BASE     = tostring(var.memory.base)
      PREFECT_MEMORY_PER_BYTE = tostring(var.memory.per_byte)
      PREFECT_MEMORY_MOST     = tostring(var.memory.most)
      PREFECT_MEMORY_CPU      = tostring(var.memory.cpu)
    },
  )

  secrets = compact([var.api_key_parameter, var.auth_string_parameter])

  statements = concat(
    [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    }],
    length(local.secrets) == 0 ? [] : [{
      Effect = "Allow"
      Action = ["ssm:GetParameter"]
      Resource = [
        for name in local.secrets :
        "arn:${local.partition}:ssm:*:${local.account}:parameter/${trimprefix(name, "/")}"
      ]
    }],
    var.kms_key_arn == null ? [] : [{
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.kms_key_arn]
    }],
    # The size, where a notification does not say it; and that an object is gone, rather than forbidden.
    var.memory == null ? [] : [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
      Resource = [local.bucket_arn, "${local.bucket_arn}/*"]
    }],
    length(var.subnet_ids) == 0 ? [] : [{
      Effect = "Allow"
      Action = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      Resource = ["*"]
    }],
    var.failure_destination_arn == null ? [] : [{
      Effect   = "Allow"
      Action   = [strcontains(var.failure_destination_arn, ":sns:") ? "sns:Publish" : "sqs:SendMessage"]
      Resource = [var.failure_destination_arn]
    }],
  )

  # Several patterns of a key are alternatives, so both of its ends have to be in one.
  key_pattern = (
    var.prefix == "" && var.suffix == "" ? {} :
    var.suffix == "" ? { object = { key = [{ prefix = var.prefix }] } } :
    var.prefix == "" ? { object = { key = [{ suffix = var.suffix }] } } :
    { object = { key = [{ wildcard = "${var.prefix}*${var.suffix}" }] } }
  )
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
  tags = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  role             = aws_iam_role.this.arn
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  runtime          = var.runtime
  handler          = var.deployment == null ? "aws_lambda.handler.send_events" : "aws_lambda.handler.start_flow_runs"
  timeout          = var.timeout
  tags             = var.tags

  environment {
    variables = local.environment
  }

  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) == 0 ? [] : [1]

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  lifecycle {
    precondition {
      condition = var.deployment != null || (
        length(keys(var.parameters)) + length(var.run_tags) + var.delay_seconds + var.idempotency_window == 0 &&
        var.idempotency_key == null && var.memory == null
      )
      error_message = "Without a deployment there are no runs: leave out parameters, run_tags, delay_seconds, idempotency_key, idempotency_window and memory, or name the deployment."
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

# Trying again makes no second run: runs have an idempotency key, events an id.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name          = aws_lambda_function.this.function_name
  maximum_retry_attempts = 2

  dynamic "destination_config" {
    for_each = var.failure_destination_arn == null ? [] : [var.failure_destination_arn]

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}

resource "aws_lambda_permission" "this" {
  statement_id   = "new-objects"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = var.trigger == "s3" ? "s3.amazonaws.com" : "events.amazonaws.com"
  source_arn     = var.trigger == "s3" ? local.bucket_arn : aws_cloudwatch_event_rule.this[0].arn
  source_account = var.trigger == "s3" ? local.account : null
}

resource "aws_s3_bucket_notification" "this" {
  count = var.manage_bucket_notification ? 1 : 0

  bucket      = var.bucket
  eventbridge = var.trigger == "eventbridge"

  dynamic "lambda_function" {
    for_each = var.trigger == "s3" ? [aws_lambda_function.this.arn] : []

    content {
      lambda_function_arn = lambda_function.value
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = var.prefix
      filter_suffix       = var.suffix
    }
  }

  depends_on = [aws_lambda_permission.this]
}

resource "aws_cloudwatch_event_rule" "this" {
  count = var.trigger == "eventbridge" ? 1 : 0

  name        = var.name
  description = "New objects of ${var.bucket}, for Prefect"
  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail        = merge({ bucket = { name = [var.bucket] } }, local.key_pattern)
  })
  tags = var.tags
}

resource "aws_cloudwatch_event_target" "this" {
  count = var.trigger == "eventbridge" ? 1 : 0

  rule      = aws_cloudwatch_event_rule.this[0].name
  target_id = "start-flow-run"
  arn       = aws_lambda_function.this.arn
}

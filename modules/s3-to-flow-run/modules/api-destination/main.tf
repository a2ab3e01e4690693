locals {
  # Whether there is one is no secret, and decides which blocks there are.
  has_password = nonsensitive(var.auth_string != null)

  key_pattern = (
    var.prefix == "" && var.suffix == "" ? {} :
    var.suffix == "" ? { object = { key = [{ prefix = var.prefix }] } } :
    var.prefix == "" ? { object = { key = [{ suffix = var.suffix }] } } :
    { object = { key = [{ wildcard = "${var.prefix}*${var.suffix}" }] } }
  )

  event_paths = {
    id     = "$.id"
    time   = "$.time"
    bucket = "$.detail.bucket.name"
    key    = "$.detail.object.key"
    size   = "$.detail.object.size"
    etag   = "$.detail.object.etag"
  }

  # `jsonencode` would write < and > in another way. The API takes a list of events, and knows one by its id.
  event_template = <<-EOT
    [{"id": "<id>", "occurred": "<time>", "event": "s3.object.created", "resource": {"prefect.resource.id": "s3.bucket.<bucket>", "prefect.resource.name": "<bucket>"}, "payload": {"bucket": "<bucket>", "key": "<key>", "size": <size>, "etag": "<etag>"}}]
  EOT

  parameter_names = sort(keys(var.parameters))

  run_paths = merge(
    { bucket = "$.detail.bucket.name", request = "$.detail.request-id" },
    { for index, name in local.parameter_names : "p${index}" => var.parameters[name] },
  )

  run_parameters = join(", ", [for index, name in local.parameter_names : "${jsonencode(name)}: <p${index}>"])

  # One object is stored by one request to S3: however often AWS tells of it, it makes one run.
  run_template = <<-EOT
    {"parameters": {${local.run_parameters}}, "idempotency_key": "s3://<bucket>#<request>"}
  EOT
}

resource "aws_cloudwatch_event_rule" "this" {
  name        = var.name
  description = "New objects of ${var.bucket}, for Prefect"
  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail        = merge({ bucket = { name = [var.bucket] } }, local.key_pattern)
  })
  tags = var.tags
}

resource "aws_cloudwatch_event_connection" "this" {
  name               = var.name
  authorization_type = local.has_password ? "BASIC" : "API_KEY"

  auth_parameters {
    dynamic "api_key" {
      for_each = local.has_password ? [] : [1]

      content {
        key   = "Authorization"
        value = "Bearer ${coalesce(var.api_key, "none")}"
      }
    }

    dynamic "basic" {
      for_each = local.has_password ? [1] : []

      content {
        username = split(":", var.auth_string)[0]
        password = join(":", slice(split(":", var.auth_string), 1, length(split(":", var.auth_string))))
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "this" {
  name           = var.name
  connection_arn = aws_cloudwatch_event_connection.this.arn
  http_method    = "POST"
  invocation_endpoint = (
    var.deployment_id == null
    ? "${trimsuffix(var.api_url, "/")}/events"
    : "${trimsuffix(var.api_url, "/")}/deployments/${var.deployment_id}/create_flow_run"
  )
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "events.amazonaws.com" }
    }]
  })
  tags = var.tags
}

resource "aws_iam_role_policy" "this" {
  name = var.name
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["events:InvokeApiDestination"]
      Resource = [aws_cloudwatch_event_api_destination.this.arn]
    }]
  })
}

resource "aws_cloudwatch_event_target" "this" {
  rule      = aws_cloudwatch_event_rule.this.name
  target_id = "prefect"
  arn       = aws_cloudwatch_event_api_destination.this.arn
  role_arn  = aws_iam_role.this.arn

  input_transformer {
    input_paths    = var.deployment_id == null ? local.event_paths : local.run_paths
    input_template = trimspace(var.deployment_id == null ? local.event_template : local.run_template)
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_arn == null ? [] : [var.dead_letter_arn]

    content {
      arn = dead_letter_config.value
    }
  }
}

# Without AWS: `terraform init && terraform test`.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  name    = "load-files"
  bucket  = "incoming"
  package = "main.tf" # any file does
  api_url = "https://prefect.example.com/api"
}

run "events" {
  command = apply

  assert {
    condition     = aws_lambda_function.this.handler == "aws_lambda.handler.send_events"
    error_message = "Without a deployment the function sends events."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this[0].event_pattern) == {
      source        = ["aws.s3"]
      "detail-type" = ["Object Created"]
      detail        = { bucket = { name = ["incoming"] } }
    }
    error_message = "The rule takes all new objects of the bucket."
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].eventbridge
    error_message = "The bucket tells EventBridge."
  }

  assert {
    condition     = aws_lambda_permission.this.source_arn == aws_cloudwatch_event_rule.this[0].arn
    error_message = "The rule may call the function."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.this.policy).Statement) == 1
    error_message = "The function may only write its log."
  }
}

run "runs" {
  command = apply

  variables {
    deployment              = "load-files/load-files"
    api_key_parameter       = "/prefect/api-key"
    parameters              = { path = "{uri}" }
    prefix                  = "in/"
    suffix                  = ".csv"
    memory                  = { pool = "kubernetes" }
    failure_destination_arn = "arn:aws:sqs:eu-central-1:111122223333:failed"
  }

  assert {
    condition     = aws_lambda_function.this.handler == "aws_lambda.handler.start_flow_runs"
    error_message = "With a deployment the function makes runs."
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      PREFECT_API_URL            = "https://prefect.example.com/api"
      PREFECT_REFUSED            = "log"
      PREFECT_API_KEY_PARAMETER  = "/prefect/api-key"
      PREFECT_DEPLOYMENT         = "load-files/load-files"
      PREFECT_PARAMETERS         = jsonencode({ path = "{uri}" })
      PREFECT_RUN_NAME           = "{key}"
      PREFECT_TAGS               = ""
      PREFECT_DELAY_SECONDS      = "0"
      PREFECT_IDEMPOTENCY_WINDOW = "0"
      PREFECT_MEMORY_FOR         = "kubernetes"
      PREFECT_MEMORY_BASE        = "512"
      PREFECT_MEMORY_PER_BYTE    = "3"
      PREFECT_MEMORY_MOST        = "30720"
      PREFECT_MEMORY_CPU         = "1024"
    })
    error_message = "The function is told what was given."
  }

  assert {
    condition = contains([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      join(" ", concat(statement.Action, statement.Resource))
    ], "ssm:GetParameter arn:aws:ssm:*:111122223333:parameter/prefect/api-key")
    error_message = "The function may read the key, and no other parameter."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this[0].event_pattern).detail.object.key == [{ wildcard = "in/*.csv" }]
    error_message = "Both ends of the key are in one pattern."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:sqs:eu-central-1:111122223333:failed"
    error_message = "Failed calls go to the queue."
  }
}

run "told_by_s3" {
  command = apply

  variables {
    trigger = "s3"
    prefix  = "in/"
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.this) + length(aws_cloudwatch_event_target.this) == 0
    error_message = "EventBridge has no part in it."
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].lambda_function[0].filter_prefix == "in/"
    error_message = "The bucket calls the function."
  }

  assert {
    condition     = aws_lambda_permission.this.source_account == "111122223333"
    error_message = "Only a bucket of this account may call it."
  }
}

run "wrong" {
  command = plan

  variables {
    deployment = "nightly"
    trigger    = "sqs"
    refused    = "drop"
    api_url    = "prefect.example.com"
    memory     = { pool = "lambda" }
  }

  expect_failures = [var.deployment, var.trigger, var.refused, var.api_url, var.memory]
}

run "settings_of_no_run" {
  command = plan

  variables {
    parameters = { path = "{uri}" }
  }

  expect_failures = [aws_lambda_function.this]
}

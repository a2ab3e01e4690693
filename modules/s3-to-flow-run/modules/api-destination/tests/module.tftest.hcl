# Without AWS: `terraform init && terraform test`.

mock_provider "aws" {}

variables {
  name    = "landed"
  bucket  = "incoming"
  api_url = "https://prefect.example.com/api/"
}

run "events" {
  command = apply

  variables {
    api_key = "pnu_1"
    suffix  = ".csv"
  }

  assert {
    condition     = aws_cloudwatch_event_api_destination.this.invocation_endpoint == "https://prefect.example.com/api/events"
    error_message = "Events are sent."
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.auth_parameters[0].api_key[0].value == "Bearer pnu_1"
    error_message = "With the key."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this.event_pattern).detail.object.key == [{ suffix = ".csv" }]
    error_message = "Only of the objects that were asked for."
  }
}

run "runs" {
  command = apply

  variables {
    deployment_id = "00000000-0000-0000-0000-000000000001"
    auth_string   = "admin:pa:ss"
    parameters    = { path = "$.detail.object.key" }
  }

  assert {
    condition     = aws_cloudwatch_event_api_destination.this.invocation_endpoint == "https://prefect.example.com/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
    error_message = "Runs are made."
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.auth_parameters[0].basic[0].password == "pa:ss"
    error_message = "With user and password."
  }

  assert {
    condition     = aws_cloudwatch_event_target.this.input_transformer[0].input_template == "{\"parameters\": {\"path\": <p0>}, \"idempotency_key\": \"s3://<bucket>#<request>\"}"
    error_message = "With the parameters that were asked for."
  }
}

run "wrong" {
  command = plan

  variables {
    api_url = "http://prefect.example.com/api"
  }

  expect_failures = [var.api_url]
}

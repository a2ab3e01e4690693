ephemeral "prefect_variable" "endpoint" {
  name = "endpoint"
}

resource "prefect_block" "endpoint" {
  name            = "endpoint"
  type_slug       = "secret"
  data_wo         = jsonencode({ value = ephemeral.prefect_variable.endpoint.value.url })
  data_wo_version = 1
}

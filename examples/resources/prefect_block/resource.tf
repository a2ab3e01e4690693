resource "prefect_block" "results" {
  name      = "results"
  type_slug = "local-file-system"
  data      = jsonencode({ basepath = "/var/lib/prefect/results" })
}

variable "crm_token" {
  type      = string
  sensitive = true
  ephemeral = true
}

# A secret that is sent, and neither in the plan nor in the state.
resource "prefect_block" "crm_token" {
  name            = "crm-token"
  type_slug       = "secret"
  data_wo         = jsonencode({ value = var.crm_token })
  data_wo_version = 1 # another number sends it again
}

data "prefect_worker_metadata" "types" {}

# What a pool of this type starts from.
locals {
  template = jsondecode(data.prefect_worker_metadata.types.base_job_templates["kubernetes"])
}

output "default_namespace" {
  value = local.template.variables.properties.namespace.default
}

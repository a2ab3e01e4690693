resource "prefect_deployment" "import" {
  name       = "import"
  flow_name  = "import"
  entrypoint = "flows/import.py:import_file"
}

locals {
  triggers = provider::prefect::yaml_triggers(file("${path.module}/triggers.yaml"), "import")
}

resource "prefect_automation" "all" {
  for_each = local.triggers

  name        = each.value.name
  description = each.value.description
  enabled     = each.value.enabled
  trigger     = each.value.trigger
  actions     = [merge(each.value.action, { deployment_id = prefect_deployment.import.id })]
}

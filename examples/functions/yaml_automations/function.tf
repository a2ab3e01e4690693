resource "prefect_automation" "all" {
  for_each = provider::prefect::yaml_automations(file("${path.module}/automations.yaml"))

  name               = each.value.name
  description        = each.value.description
  enabled            = each.value.enabled
  tags               = each.value.tags
  trigger            = each.value.trigger
  actions            = each.value.actions
  actions_on_trigger = each.value.actions_on_trigger
  actions_on_resolve = each.value.actions_on_resolve
}

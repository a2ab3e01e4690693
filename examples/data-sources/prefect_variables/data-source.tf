resource "prefect_variable" "feature" {
  for_each = { feature_dark_mode = true, feature_search = false }

  name  = each.key
  value = each.value
  tags  = ["feature"]
}

data "prefect_variables" "features" {
  tags       = ["feature"]
  depends_on = [prefect_variable.feature]
}

# In a list, values are JSON, because there all have one type.
output "features" {
  value = { for one in data.prefect_variables.features.variables : one.name => jsondecode(one.value) }
}

data "prefect_account_roles" "all" {}

output "names" {
  value = data.prefect_account_roles.all.account_roles[*].name
}

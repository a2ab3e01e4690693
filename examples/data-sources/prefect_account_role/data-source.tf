data "prefect_account_role" "admin" {
  name = "Admin"
}

output "permissions" {
  value = data.prefect_account_role.admin.permissions
}

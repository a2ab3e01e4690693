data "prefect_account_members" "all" {}

output "admins" {
  value = [
    for member in data.prefect_account_members.all.members : member.email
    if member.account_role_name == "Admin"
  ]
}

resource "prefect_account_member" "marvin" {
  email             = "marvin@example.com"
  account_role_name = "Admin"
}

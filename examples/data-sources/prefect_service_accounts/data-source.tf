resource "prefect_service_account" "robot" {
  for_each = toset(["robot-a", "robot-b"])

  name = each.key
}

data "prefect_service_accounts" "robots" {
  name_like  = "robot-"
  depends_on = [prefect_service_account.robot]
}

output "robots" {
  value = { for one in data.prefect_service_accounts.robots.service_accounts : one.name => one.api_key_expiration }
}

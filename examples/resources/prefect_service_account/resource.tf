# Where it is to be made anew in time, the expiration comes from a `time_rotating` of hashicorp/time.
resource "prefect_service_account" "workers" {
  name               = "workers"
  account_role_name  = "Member"
  api_key_expiration = "2099-01-01T00:00:00Z"
}

output "key_of_the_workers" {
  value     = prefect_service_account.workers.api_key
  sensitive = true
}

data "prefect_account_member" "marvin" {
  email = "marvin@example.com"
}

output "actor_id" {
  value = data.prefect_account_member.marvin.actor_id
}

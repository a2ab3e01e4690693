data "prefect_account" "this" {}

output "handle" {
  value = data.prefect_account.this.handle
}

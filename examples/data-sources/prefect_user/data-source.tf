variable "user_id" {
  description = "The user: the one whose key the provider uses."
  type        = string
}

data "prefect_user" "me" {
  id = var.user_id
}

output "handle" {
  value = data.prefect_user.me.handle
}

variable "user_id" {
  description = "The user whose key it is: the one whose own key the provider uses."
  type        = string
}

resource "prefect_user_api_key" "laptop" {
  user_id    = var.user_id
  name       = "laptop"
  expiration = "2099-01-01T00:00:00Z"
}

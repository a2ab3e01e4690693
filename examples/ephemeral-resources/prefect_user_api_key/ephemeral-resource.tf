variable "user_id" {
  description = "The user whose key it is: the one whose own key the provider uses."
  type        = string
}

# A key for this run only: it is in no state and no plan, and is deleted when the run is over.
ephemeral "prefect_user_api_key" "run" {
  user_id  = var.user_id
  name     = "terraform"
  lifetime = 900
}

# Whatever takes a secret without storing it may have it, such as another provider.
provider "prefect" {
  alias   = "run"
  api_key = ephemeral.prefect_user_api_key.run.key
}

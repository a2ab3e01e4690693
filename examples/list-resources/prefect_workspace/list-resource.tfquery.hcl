list "prefect_workspace" "staging" {
  provider = prefect

  config {
    handles = ["staging"]
  }
}

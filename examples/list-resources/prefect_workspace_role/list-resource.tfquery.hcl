list "prefect_workspace_role" "managers" {
  provider = prefect

  config {
    names = ["Release manager"]
  }
}

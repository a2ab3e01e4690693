list "prefect_account_member" "people" {
  provider = prefect

  config {
    emails = ["marvin@example.com"]
  }
}

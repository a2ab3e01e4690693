list "prefect_block" "file_systems" {
  provider = prefect

  config {
    type_slugs = ["local-file-system"]
  }
}

list "prefect_block_type" "features" {
  provider = prefect

  config {
    name_like = "feature"
  }
}

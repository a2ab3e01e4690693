list "prefect_block_schema" "all" {
  provider = prefect
  limit    = 1000

  config {}
}

resource "prefect_global_concurrency_limit" "database" {
  name  = "database-connections"
  limit = 5
}

# A rate: slots become free by themselves, two in a second.
resource "prefect_global_concurrency_limit" "requests" {
  name                  = "vendor-requests"
  limit                 = 100
  slot_decay_per_second = 2
}

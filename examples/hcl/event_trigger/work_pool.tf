resource "prefect_work_pool" "my_work_pool" {
  name = "my-work-pool"
  type = "process"
}

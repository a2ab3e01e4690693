# main.tf names a work pool that is taken to exist. Here the pool is made along with it, so Terraform has to
# know which comes first.
resource "prefect_deployment" "my_deployment" {
  work_pool_name = prefect_work_pool.my_work_pool.name
}

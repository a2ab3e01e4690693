import {
  to = prefect_work_pool_access.training
  identity = {
    work_pool_name = "gpu-training"
  }
}

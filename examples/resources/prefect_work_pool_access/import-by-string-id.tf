import {
  to = prefect_work_pool_access.training
  id = "gpu-training"
}

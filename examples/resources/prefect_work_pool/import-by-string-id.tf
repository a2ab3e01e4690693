import {
  to = prefect_work_pool.kubernetes
  id = "kubernetes-production"
}

resource "prefect_work_pool" "kubernetes" {
  name              = "kubernetes-production"
  type              = "kubernetes"
  description       = "Runs on the production cluster."
  concurrency_limit = 20
}

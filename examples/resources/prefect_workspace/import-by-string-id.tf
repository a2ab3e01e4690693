import {
  to = prefect_workspace.staging
  id = "handle/staging"
}

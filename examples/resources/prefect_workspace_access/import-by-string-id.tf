import {
  to = prefect_workspace_access.operators
  id = "TEAM/operators"
}

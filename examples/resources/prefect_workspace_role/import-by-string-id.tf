import {
  to = prefect_workspace_role.release_manager
  id = "Release manager"
}

import {
  to = prefect_team_access.marvin
  identity = {
    team_id         = "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b01"
    member_actor_id = "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b02"
  }
}

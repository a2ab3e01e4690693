import {
  to = prefect_team_access.marvin
  id = "analysts,marvin@example.com"
}

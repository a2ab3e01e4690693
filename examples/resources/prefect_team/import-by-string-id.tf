import {
  to = prefect_team.data_engineering
  id = "data-engineering"
}

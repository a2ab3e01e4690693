import {
  to = prefect_variable.report_settings
  id = "name/report_settings"
}

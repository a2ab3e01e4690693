import {
  to = prefect_account_member.marvin
  id = "marvin@example.com"
}

import {
  to = prefect_account_member.marvin
  identity = {
    id         = "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b01"
    account_id = "0198f3a4-5b2a-7d4e-8f60-3c1d2e4f5a6b"
  }
}

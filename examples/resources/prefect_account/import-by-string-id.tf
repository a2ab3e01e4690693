import {
  to = prefect_account.example
  id = "0198f3a4-5b2a-7d4e-8f60-3c1d2e4f5a6b"
}

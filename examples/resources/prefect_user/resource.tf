# Only imported: people sign up themselves. What is left out, such as the e-mail address, is left as it is.
resource "prefect_user" "me" {
  first_name = "Ada"
  last_name  = "Lovelace"
}

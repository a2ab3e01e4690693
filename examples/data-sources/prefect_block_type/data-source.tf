# Types that Prefect brings are found as well as one's own.
data "prefect_block_type" "slack" {
  slug = "slack-webhook"
}

output "documentation" {
  value = data.prefect_block_type.slack.documentation_url
}

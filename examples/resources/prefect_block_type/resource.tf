resource "prefect_block_type" "feature_store" {
  name              = "Feature Store"
  slug              = "feature-store"
  description       = "Where models find their features."
  documentation_url = "https://docs.example.com/feature-store"
}

"""What a plan of Terraform or OpenTofu will do: its objects, and the requests that an apply would send for them."""

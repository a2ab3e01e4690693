"""What Terraform does to a server once, a file for each."""

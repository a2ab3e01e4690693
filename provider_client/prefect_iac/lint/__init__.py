"""What is wrong, or likely to be, with automations and with what they act on: before an apply, or as it is."""

output "endpoint" {
  description = "What EventBridge calls."
  value       = aws_cloudwatch_event_api_destination.this.invocation_endpoint
}

output "input_paths" {
  description = "What of an event is in the request, by name."
  value       = aws_cloudwatch_event_target.this.input_transformer[0].input_paths
}

output "input_template" {
  description = "The request's body, with these names in it."
  value       = aws_cloudwatch_event_target.this.input_transformer[0].input_template
}

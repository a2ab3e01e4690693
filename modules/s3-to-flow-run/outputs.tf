output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function, for notifications that are set elsewhere."
  value       = aws_lambda_function.this.arn
}

output "role_name" {
  description = "Name of the function's role, for what else it is to be allowed."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "Where the function's log is."
  value       = aws_cloudwatch_log_group.this.name
}

output "id" {
  description = "The pool's id (UUID)."
  value       = prefect_work_pool.this.id
}

output "name" {
  description = "The pool's name, for the deployments that it is to run."
  value       = prefect_work_pool.this.name
}

output "default_queue_id" {
  description = "The id (UUID) of the pool's default queue."
  value       = prefect_work_pool.this.default_queue_id
}

output "queue_ids" {
  description = "The ids (UUID) of the queues by name."
  value       = { for name, queue in prefect_work_queue.this : name => queue.id }
}

output "queue_names" {
  description = "The names of the queues; a deployment that takes a queue's name from here waits for the queue."
  value       = { for name, queue in prefect_work_queue.this : name => queue.name }
}

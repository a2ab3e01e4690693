terraform import prefect_work_queue.urgent 'nightly-batch,urgent'

terraform import prefect_work_pool_access.training 'gpu-training'

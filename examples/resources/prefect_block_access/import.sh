terraform import prefect_block_access.warehouse 'secret/warehouse-password'

terraform import prefect_block.results local-file-system/results

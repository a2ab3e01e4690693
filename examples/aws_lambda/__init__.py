"""An AWS Lambda function that makes flow runs of files that land in S3, or tells Prefect of them.

It needs what the Python runtime of Lambda has: the standard library and boto3. ``handler`` has its two entries,
``start_flow_runs`` and ``send_events``; ``settings`` says what the environment may set; ``archive.py`` packs it.
"""

"""What only Prefect Cloud has, one file or package per object."""

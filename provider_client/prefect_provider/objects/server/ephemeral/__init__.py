"""What is read when it is used, and stored nowhere: a file for each."""

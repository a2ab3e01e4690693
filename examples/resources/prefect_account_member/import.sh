terraform import prefect_account_member.marvin marvin@example.com

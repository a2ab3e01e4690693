"""The settings that backends have, as Terraform's documentation and the CDK's classes call them."""

from __future__ import annotations

from typing import Final

__all__ = ["SETTINGS"]

SETTINGS: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "s3": """
            access_key acl allowed_account_ids assume_role assume_role_policy assume_role_policy_arns
            assume_role_tags assume_role_transitive_tag_keys assume_role_with_web_identity bucket
            custom_ca_bundle dynamodb_endpoint dynamodb_table ec2_metadata_service_endpoint
            ec2_metadata_service_endpoint_mode encrypt endpoint endpoints external_id forbidden_account_ids
            force_path_style http_proxy https_proxy iam_endpoint insecure key kms_key_id max_retries
            no_proxy profile region retry_mode role_arn secret_key session_name shared_config_files
            shared_credentials_file shared_credentials_files skip_credentials_validation
            skip_metadata_api_check skip_region_validation skip_requesting_account_id skip_s3_checksum
            sse_customer_key sts_endpoint sts_region token use_legacy_workflow use_lockfile use_path_style
            workspace_key_prefix
        """,
        "gcs": """
            access_token bucket credentials encryption_key impersonate_service_account
            impersonate_service_account_delegates kms_encryption_key prefix storeage_custom_endpoint
        """,
        "azurerm": """
            access_key client_certificate_password client_certificate_path client_id client_secret
            container_name endpoint environment key metadata_host msi_endpoint oidc_request_token
            oidc_request_url oidc_token oidc_token_file_path resource_group_name sas_token snapshot
            storage_account_name subscription_id tenant_id use_azuread_auth use_microsoft_graph use_msi
            use_oidc
        """,
        "http": """
            address client_ca_certificate_pem client_certificate_pem client_private_key_pem lock_address
            lock_method password retry_max retry_wait_max retry_wait_min skip_cert_verification
            unlock_address unlock_method update_method username
        """,
        "pg": """
            conn_str schema_name skip_index_creation skip_schema_creation skip_table_creation
        """,
        "consul": """
            access_token address ca_file cert_file datacenter gzip http_auth key_file lock path scheme
        """,
        "cos": """
            accelerate acl assume_role bucket domain encrypt endpoint key prefix region secret_id secret_key
            security_token
        """,
        "oss": """
            access_key acl assume_role assume_role_policy assume_role_role_arn
            assume_role_session_expiration assume_role_session_name bucket ecs_role_name encrypt endpoint
            key prefix profile region secret_key security_token shared_credentials_file sts_endpoint
            tablestore_endpoint tablestore_table
        """,
        "swift": """
            application_credential_id application_credential_name application_credential_secret
            archive_container auth_url cacert_file cert cloud container default_domain domain_id domain_name
            expire_after insecure key password project_domain_id project_domain_name region_name state_name
            tenant_id tenant_name token user_domain_id user_domain_name user_id user_name
        """,
    }.items()
}
"""By the kind of the backend."""

"""Terraform's encodings: values as MessagePack and JSON, declarations as protocol messages."""

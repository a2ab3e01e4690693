"""The provider process: handshake, mutual TLS, gRPC server, log."""

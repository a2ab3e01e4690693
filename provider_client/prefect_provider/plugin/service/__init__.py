"""The provider service of plugin protocol 6, a file for each group of its RPCs."""

"""Messages of the plugin protocol, compiled from the descriptions beside them."""

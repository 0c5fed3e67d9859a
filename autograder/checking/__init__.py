"""pytest around one submission: the plugin, the fixtures of the checks, the trusted modules beside them."""

"""Where torch is listened to: the function mode, the hooks, the replaced functions."""

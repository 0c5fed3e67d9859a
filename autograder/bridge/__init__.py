"""How the judge and the worker talk: plain values, requests, replies, and the two ends of the line."""

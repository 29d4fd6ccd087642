"""Peers: what others do for the same acts, awards and events, in the same rounds on the same machine."""

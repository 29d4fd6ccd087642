"""Rules of a plan: how far it is, who is to act, which results are taken, and what they become."""

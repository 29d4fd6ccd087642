"""What makes a transaction of intake start again."""


class CrossedError(Exception):
    """Another transaction recorded what this one believed unseen: roll back, look again, decide again."""

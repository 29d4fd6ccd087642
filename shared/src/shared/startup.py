"""What ends a command before it begins: something its operator set or wrote is wrong."""


class StartUpError(Exception):
    """The message names the setting, or the file and the key, and says all that is needed to put it right."""

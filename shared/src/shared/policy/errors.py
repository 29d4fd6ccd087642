"""What can be wrong with a rule pack, said with the file and the key."""

from shared.startup import StartUpError


class PackError(StartUpError):
    """A pack does not load. `key` is the path inside the file, empty where the file itself is at fault."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}: {key}: {message}" if key else f"{file}: {message}")
        self.file = file
        self.key = key
        self.message = message

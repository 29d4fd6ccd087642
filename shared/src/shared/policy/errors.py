"""What can be wrong with a rule pack, said with the file and the key."""

from datetime import date

from shared.startup import StartUpError


class PackError(StartUpError):
    """A pack does not load. `key` is the path inside the file, empty where the file itself is at fault."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}: {key}: {message}" if key else f"{file}: {message}")
        self.file = file
        self.key = key
        self.message = message


class NoPackError(LookupError):
    """No version of a pack is in force on a day, or none has that reference."""

    def __init__(self, pack: str, day: date | None = None) -> None:
        super().__init__(f"no pack {pack}" if day is None else f"no version of pack {pack} in force on {day}")
        self.pack = pack
        self.day = day

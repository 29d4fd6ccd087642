"""The columns of the files in the folder of a run."""

ORGANISATIONS = ("organisation", "level", "name", "parent", "division")
ROSTER = ("teacher", "name", "school", "district", "stage", "role")
HOURS = (
    "record",
    "teacher",
    "year",
    "source_rule",
    "category",
    "hours",
    "activity",
    "provider",
    "from",
    "to",
    "evidence",
)
EXCHANGES = ("request", "teacher", "at", "category", "hours")

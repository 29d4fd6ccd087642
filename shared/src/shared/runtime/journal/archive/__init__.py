"""Archive (归档): years of recording that were sealed and have left the journal's table for Parquet files.

A year that is over is sealed: checked, summed up in one hash that continues the seal of the year before, and
closed to writing by the database itself. Its entries may then leave the table once a file holds them and was
read back. Whoever reads the journal does not notice where an entry lies.
"""

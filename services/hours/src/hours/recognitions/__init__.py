"""The recognitions room (学时认定): lines of other jurisdictions' transcripts become declarations here."""

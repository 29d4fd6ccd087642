"""What a team would write for the intake, as a service of one process, and its measure."""

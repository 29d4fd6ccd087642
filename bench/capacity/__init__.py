"""`make capacity`: from measured figures and stated assumptions to machines, storage and waiting."""

"""What is done with appeals: filed and withdrawn by those whose matter it is, decided by somebody else."""

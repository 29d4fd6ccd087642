"""Rules of an appeal: how far it is, who may do what to it, and its clock."""

"""Rules of the outlook: what is missing, which ways are open until when, and the plan that costs least."""

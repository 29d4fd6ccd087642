"""HTTP of the what-if: for a teacher, and for whoever tries a draft."""

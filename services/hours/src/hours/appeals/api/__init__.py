"""HTTP of the appeals."""

"""Years (年度): closing one for registration, and opening it again for a teacher at an authority's word."""

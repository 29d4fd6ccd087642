"""Years (年度): closing one for registration, after the points service has closed it everywhere."""

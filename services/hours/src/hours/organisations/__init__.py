"""The organisations (机构): provinces, cities, districts and schools as one tree, with their codes."""

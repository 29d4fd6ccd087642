"""Annual training plans (年度培训计划): what an organiser holds in a year, declared and reported on."""

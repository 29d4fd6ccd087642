"""Plans (校本研修计划): a school's training of a year, approved before it, assessed and registered after."""

"""Waivers (减免): hours taken off what years require of a teacher, as the authority decides."""

"""Cycles (周期): what several years ask together, and how anybody stands; asking records nothing."""

"""Worked examples of packs (算例) through the public interfaces of the services that decide."""

"""Inspection (文件查验): whether a file that somebody hands in is whole, harmless and of its type.

Whoever made the file may have made it against its reader, so it is read in a process of its own, with little
memory, little time and none of our settings: `python -m shared.runtime.inspection TYPE`, the content on its
standard input, the finding on its standard output. Nothing here imports more than that process needs.
"""

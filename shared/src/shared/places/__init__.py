"""Places (所在): who lies where, as a service that does not own the tree or the roster heard it from hours.

What was heard is kept in two tables that no journal of ours can make again: they are made from that of hours.
"""

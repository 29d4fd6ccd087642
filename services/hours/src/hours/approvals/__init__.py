"""Approvals (审批): an ordered list of who has to agree, as transfers of teachers need it."""

"""Verification runs (验证批次): everyone in a scope, judged in chunks, in full view."""

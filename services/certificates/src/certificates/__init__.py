"""Certificates (电子证书): numbers, versions, states, and the public verification page.

Hears from verification who has passed a year and from hours who lies where, asks hours for the names to
print, says which certificate was issued, superseded, suspended, reinstated or revoked.
"""

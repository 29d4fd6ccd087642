"""The points service (积分): what teachers do, what it earns, what becomes of what was earned.

It owns activities, awards, exchanges and expiry. It hears from `hours` whether an exchange was posted,
refused or taken back, and who lies where. It says `points.awarded`, `points.reversed`, `points.exchanged`,
`points.expired` and the closing of a year. Rooms from the top to the ledger: `what_if`, `years`,
`activities`, `exchanges`, `accounts`.
"""

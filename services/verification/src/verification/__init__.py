"""The verification service (年度验证): whether a year's counted hours meet the requirement, and who said so.

Owns predictions, what is handed over to the province, authoritative verdicts on years and on cycles with
their revisions, discrepancies, and runs. Hears the roster, the tree of organisations, and from the hours
service what counts, what is deducted for failed inspections and what is waived. Says
`verification.predicted`, `.submitted`, `.answer_overdue`, `.passed`, `.failed`, `.revoked`, `.doubted`,
`.discrepancy_opened` and `.discrepancy_closed`; and `cycle.passed`, `.failed` and `.revoked`.

Rooms, from the top: `what_if`, `runs`, `verdicts`, `proofs`, `cycles`, `handovers`, `judgements`,
`figures`. A room calls only lower ones.
"""

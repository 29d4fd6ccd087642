"""What a draft pack would have done (规则试算): what the services take alike to answer that.

Each evaluates the draft over the facts that it owns, in a transaction that only reads. The facts of a year
are decided twice, by the rules in force and by the draft; only where the two differ does anything differ from
what stands. So a draft that says what the rules in force say differs nowhere, whatever came late.
"""

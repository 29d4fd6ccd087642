"""The log of reads (查阅记录): who reads what is personal about a teacher is noted, and the teacher sees it.

Which acts are such reads says the matrix. A row is written before the answer leaves, and where it cannot be
written the answer does not leave. Two tables in each service, in no journal; its role adds and reads only.
"""

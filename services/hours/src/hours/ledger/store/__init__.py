"""SQL of the ledger: `lines` reads what stands, `projection` writes what the journal says."""

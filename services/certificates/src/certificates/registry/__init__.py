"""The ledger of certificates (证书登记簿): series, numbers, versions, states, documents."""

"""Exchanges (积分兑换学时): requests decided at once, settled or given back when `hours` has answered."""

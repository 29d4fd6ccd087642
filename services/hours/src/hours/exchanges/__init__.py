"""Exchanges (兑换): answers about hours bought with points, and keeps what is heard about points."""

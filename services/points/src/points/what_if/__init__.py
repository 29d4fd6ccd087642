"""What a draft pack would have done to points (规则试算): awards, expiry, exchanges."""

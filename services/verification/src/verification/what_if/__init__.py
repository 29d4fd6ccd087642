"""What a draft of the rules would do to a year (规则试算): who passes or fails otherwise, and by what."""

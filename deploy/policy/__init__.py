"""What the author of a rule pack works with (规则包作者工具): checks with lines, the rules as they read.

Services do not import it; they read packs by `shared.policy`, which this room only asks.
"""

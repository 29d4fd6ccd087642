"""What a draft of the rules would have done to a year (规则试算): asked of points, then of verification.

Services do not import it; it knows them by their interfaces only, as the main job of `deploy.local` does.
"""

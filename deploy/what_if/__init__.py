"""What a draft of the rules would have done to a year or a cycle (规则试算): asked of three services in turn.

Services do not import it; it knows them by their interfaces only, as the main job of `deploy.local` does.
"""

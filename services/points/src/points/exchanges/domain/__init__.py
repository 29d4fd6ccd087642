"""The exchange's rules, pure: what a request is granted or refused for, which hours are called back."""

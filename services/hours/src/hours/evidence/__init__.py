"""Evidence (佐证材料): files that prove something, and what each is used for, so that none counts twice."""

"""The rules of classes: how one is outlined, who approves it, who has a seat, what a result gives."""

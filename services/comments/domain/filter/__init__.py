"""The learned part of the comment filter: how likely a comment is spam, why, and what a decision teaches."""

"""Which posts are related: the words of a post, their weights, the score of a pair, the choice of what is shown."""

"""Two answers to one item, one chosen, one rejected: made, checked, decided, and never changed without a trace."""

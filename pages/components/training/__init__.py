"""Training sets and training runs as a person sees them."""

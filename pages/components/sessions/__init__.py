"""Before and after a review session: the card that starts one, the quiet screen at its end."""

"""Responses -> an expert's labels, blind first: draw a session, show a card, save answers, lock, reveal, revise."""

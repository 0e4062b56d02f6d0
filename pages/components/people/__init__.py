"""Pieces of the screens People, Your profile and Join, and the line that says who is here."""

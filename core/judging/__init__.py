"""Responses -> judgements: prompts, replies, runs of a judge, and how judges compare."""

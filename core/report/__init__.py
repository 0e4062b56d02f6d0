"""The numbers of a workspace -> one file that a lead can send: no script, no request, readable without the app."""

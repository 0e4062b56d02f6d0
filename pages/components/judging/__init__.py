"""The parts of the screen Responses and judges: runs, the two forms, endpoints and prices."""

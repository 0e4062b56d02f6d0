"""The main path as a person walks it, in Chromium, on the sample workspace."""

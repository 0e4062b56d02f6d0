"""The Adjudicate screen: labels side by side, a ruling on each dimension they differ on, then the judge."""

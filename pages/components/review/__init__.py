"""The Validate screen: one component draws picture, question, norm, response, answers and, once locked, the judge."""

"""Items -> responses: collect them, import them, show them."""

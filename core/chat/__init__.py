"""Ask OpenAI-compatible endpoints; the only network code of responses and judges."""

"""Numbers from judgements and labels; reads, stores nothing."""

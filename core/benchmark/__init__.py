"""Files of CROSS, or shaped like them -> items, and the responses and judgements CROSS's own scripts wrote."""

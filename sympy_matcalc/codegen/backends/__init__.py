"""Back ends: how each library spells the operations of the graph."""

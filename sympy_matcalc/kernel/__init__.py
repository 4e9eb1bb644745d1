"""What the engine makes nodes with: sessions, interned constructors, shapes, a total order, symmetry. Nothing here derives."""

"""The helper functions of generated code, as modules that can be read, linted and run; none is imported to write a source."""

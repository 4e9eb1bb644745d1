"""Print the page of the documentation that lists the rewrites."""

from .page import page

print(page(), end="")

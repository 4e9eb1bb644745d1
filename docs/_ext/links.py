"""Do the links between the pages of a built site hold, to files and to places in them? ``python docs/_ext/links.py docs/_build/html``"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page and the places that links may lead to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.places |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]


def broken(root):
    """(page, link) of each link that leads nowhere; links to other sites are left alone."""
    pages = {path.resolve(): Page(path) for path in root.rglob("*.html") if "_static" not in path.parts}
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            fits = target not in pages or unquote(parts.fragment) in pages[target].places
            if not target.exists() or not fits:
                yield path.relative_to(root.resolve()), link


if __name__ == "__main__":
    found = list(broken(Path(sys.argv[1])))
    for page, link in found:
        print(f"{page}: {link} leads nowhere", file=sys.stderr)
    sys.exit(bool(found))

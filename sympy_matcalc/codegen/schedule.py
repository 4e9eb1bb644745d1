"""From a graph to statements: what is needed, in which order, what gets a name, what goes into which loop."""


def reachable(roots):
    """The nodes that the roots need, operands first."""
    order, seen, stack = [], set(), list(reversed(roots))
    while stack:
        node = stack.pop()
        if node is None:  # in front of a node whose operands are all there
            order.append(stack.pop())
        elif node.number not in seen:
            seen.add(node.number)
            if node.args:
                stack += (node, None)
                stack += [a for a in node.args[::-1] if a.number not in seen]
            else:
                order.append(node)
    return order


class Block:
    """The statements of one level: the body of the function, or of a loop."""

    def __init__(self, depth):
        self.lines, self.indent = [], "    " * depth
        self.depth, self.names = depth, []

    def add(self, text):
        self.lines.extend(self.indent + line for line in text.split("\n"))


class Scheduler:
    """Writes statements for nodes with a back end that knows how each is spelled: `backend.spell(node, texts)` gives
    ``(text, precedence)``. Nodes in `named` get a name of their own.
    """

    LONG = 72

    def __init__(self, backend, roots, names, named=()):
        self.backend, self.names, self.named = backend, names, {n.number for n in named}
        self.order = reachable(roots)
        self.uses, self.users, consumers = {}, {}, {}
        for node in self.order:
            for a in node.args:
                consumers.setdefault(a.number, []).append(node)
                self.uses[a.number] = self.uses.get(a.number, 0) + 1
                self.users.setdefault(a.number, set()).add(node.op)
            if node.op == "item":
                backend.parts.setdefault(node.args[0].number, set()).add(node.attrs[0])
        for r in roots:
            self.uses[r.number] = self.uses.get(r.number, 0) + 1
        backend.uses, backend.consumers = self.uses, consumers
        self.texts = {}
        self.joined = {}  # the names of the results of tiles
        self.serial = 0

    def body(self, depth=1):
        """The statements of the function."""
        block = Block(depth)
        self._level([n for n in self.order if not n.loops], block)
        return block.lines

    def _level(self, nodes, block):
        for node in nodes:
            if node.op == "loop":
                self._loop(node, block)
            elif node.op == "tiles":
                self._tiles(node, block)
            elif node.op == "of_tiles":
                self.texts[node.number] = (self.joined[node.args[0].number][node.attrs[0]], 100)
            else:
                self._plain(node, block)

    def _plain(self, node, block):
        texts = [self.texts[a.number] for a in node.args]
        text, precedence = self.backend.spell(node, texts)
        if self._inline(node, text):
            self.texts[node.number] = (text, precedence)
            return
        name = self.fresh()
        block.add(f"{name} = {text}")
        block.names.append(name)
        self.texts[node.number] = (name, 100)

    def _inline(self, node, text):
        if node.op in self.backend.trivial:
            return True
        if node.number in self.named or node.number in self._crossing():
            return False
        return self.uses[node.number] <= 1 and len(text) <= self.LONG or self._free(node)

    def _free(self, node):
        """Whether to write a node again costs nothing: the transpose of a name; a minus that becomes a subtraction."""
        if self.texts[node.args[-1].number][1] < 100 or "(" in self.texts[node.args[-1].number][0]:
            return False
        if node.op == "view":
            return node.attrs == (1, 0)
        return node.op == "mul" and len(node.args) == 2 and node.args[0].value == -1 and self.users.get(node.number) == {"add"}

    def _crossing(self):
        """Nodes with a use that lies deeper in loops: they are computed once, before."""
        if not hasattr(self, "_crossed"):
            self._crossed = {a.number for n in self.order for a in n.args if n.loops - a.loops}
        return self._crossed

    def _loop(self, node, block):
        kind, it, _ = node.attrs
        result = self.fresh()
        low, high = (self.texts[a.number][0] for a in node.args[1:3])
        block.add(f"{result} = " + self.backend.loop_start(node, [self.texts[a.number] for a in node.args[3:]]))
        variable = self.fresh("i")
        self.texts[it.number] = (variable, 100)
        span, after = self.backend.loop_range(node, low, high)
        block.add(f"for {variable} in {span}:")
        inner = Block(block.depth + 1)
        self._inside(node, it, node.args[:1], inner)
        inner.add(self.backend.loop_step(kind, result, self.texts[node.args[0].number]))
        block.lines += inner.lines
        if after:
            block.add(after.format(result))
        self.texts[node.number] = (result, 100)

    def _inside(self, node, it, results, block):
        """What a loop computes anew each time."""
        depth = it.loops | node.loops
        body = reachable(results)
        self._level([n for n in body if it in n.loops and n.loops <= depth and n is not it and n.number not in self.texts], block)

    def _tiles(self, node, block):
        """A loop over tiles, which leaves nothing of one tile to the next but the results."""
        it, *hows = node.attrs
        *parts, extent, rows = node.args
        names = self.joined[node.number] = [self.fresh() for _ in parts]
        block.add(f"{' = '.join(names)} = None")
        variable = self.fresh("i")
        self.texts[it.number] = (variable, 100)
        whole = self.texts[extent.number][0]
        block.add(f"for {variable} in range(0, max({whole}, 1), {self.texts[rows.number][0]}):")
        inner = Block(block.depth + 1)
        self._inside(node, it, parts, inner)
        for name, part, how in zip(names, parts, hows, strict=True):
            inner.add(self.backend.tile_step(name, self.texts[part.number][0], how, variable, whole))
        if inner.names:
            inner.add(f"del {', '.join(inner.names)}")
        block.lines += inner.lines
        self.texts[node.number] = (f"({', '.join(names)},)", 100)

    def fresh(self, prefix="t"):
        """A name that nothing has."""
        while True:
            self.serial += 1
            name = f"{prefix}{self.serial}"
            if name not in self.names:
                self.names.add(name)
                return name

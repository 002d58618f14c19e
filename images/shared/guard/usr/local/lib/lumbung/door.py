"""A door over the network and on a local socket: everybody of the region may look, `ops` alone may order. What is told and ordered is handed in."""
import json

import tls_server

MAX_BYTES = 4096


class Refused(Exception):
    """It may not be done now. code: stable word."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Wrong(Exception):
    """What came is no order; the message says what was expected and what came."""


def is_word(value):
    return isinstance(value, str) and 0 < len(value) <= 100 and all(letter.isalnum() or letter in "._:-" for letter in value)


# A field by its name: what is expected in words, whether a value fits, whether it must be there.
EPOCH = {"epoch": ("a whole number above 0", lambda value: type(value) is int and value > 0, True)}


def parse_order(text, verbs):
    """A dict with `verb` and its fields, all of the right kind. verbs: fields by verb. Raises Wrong with everything that does not fit."""
    try:
        order = json.loads(text)
    except ValueError as error:
        raise Wrong(f"expected an order in JSON, received something else ({error})") from error
    fields = verbs.get(order.get("verb")) if isinstance(order, dict) else None
    if fields is None:
        raise Wrong(f"verb: expected one of {', '.join(sorted(verbs))}, received {json.dumps(order.get('verb') if isinstance(order, dict) else order)}")
    wrong = [
        f"{name}: expected {what}, received {json.dumps(order.get(name))}"
        for name, (what, fits, needed) in fields.items()
        if (name in order or needed) and not fits(order.get(name))
    ]
    wrong += [f"{name}: not a field of {order['verb']}" for name in order.keys() - fields.keys() - {"verb"}]
    if wrong:
        raise Wrong("; ".join(wrong))
    return order


class Handler(tls_server.Handler):
    """callers: common names that may give orders; whoever asks from inside the container may, too."""

    callers = ()

    def order(self, verbs):
        """What came, as parse_order has it. Raises Wrong."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BYTES:
            raise Wrong(f"expected at most {MAX_BYTES} bytes, received {length}")
        return parse_order(self.rfile.read(length).decode(errors="replace"), verbs)

    def for_ops(self, work):
        """Answers what `work(caller)` returns, as (status, content). caller: host name of whoever asks; None: from inside the container."""
        caller = None if self.local else self.common_name()
        if caller is not None and caller not in self.callers:
            return self.answer(403, {"code": "not-ops", "message": f"this is for ops alone, and you are {caller}"})
        return self.trying(lambda: work(caller))

    def trying(self, work):
        """Answers what `work()` returns, or why not."""
        try:
            return self.answer(*work())
        except Wrong as error:
            return self.answer(400, {"code": "wrong", "message": str(error)})
        except Refused as error:
            return self.answer(409, {"code": error.code, "message": str(error)})

    def answer(self, status, content):
        self.say(status, json.dumps(content), "application/json")

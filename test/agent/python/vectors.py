"""Encodes the byte vectors with the agent's own recorder, and prints them as JSON.

python3 vectors.py AGENT_FOLDER VECTORS.json
"""
import json
import re
import sys

sys.path.insert(0, sys.argv[1])
from _simul import kinds, recorder, refuse  # noqa: E402


class Memory(recorder.Recorder):
    """A recorder that keeps its records."""

    def __init__(self):
        self.records = []
        self.texts = {}
        self.next_text = iter(range(1, 1000)).__next__
        self.next_site = iter(range(1, 1000)).__next__
        self.write = self.records.append


def site_of(out, value):
    """`a.ts:3:5 await! f | g(x)`"""
    head, _, text = value.partition(" | ")
    where, _, rest = head.partition(" ")
    role, _, function = rest.partition(" ")
    file, line, column = where.rsplit(":", 2)
    flags = 1 << kinds.FLAGS["site"]["direct"][0] if role.endswith("!") else 0
    flags |= kinds.SITE_ROLES[role.rstrip("!")]
    return out.site((file, int(line), function, text), int(column), 0, flags)


def encode(text):
    time, lane, kind, *tokens = re.findall(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+', text)
    out = Memory()
    fields = {name: (type, offset) for name, type, offset in kinds.FIELDS[kind]}
    words = {8: 0, 12: 0, 16: 0, 20: 0, 24: 0}
    flags = 0
    for token in tokens:
        name, has_value, value = token.partition("=")
        if name in fields and re.match(r'\d|"', value):
            type, offset = fields[name]
            value = json.loads(value)
            if type == "text":
                value = out.text(value)
            elif type == "site":
                value = site_of(out, value)
            words[offset] = value
            continue
        bit, _, enumeration = kinds.FLAGS[kind][name]
        flags |= (getattr(kinds, enumeration)[value] if has_value else 1) << bit
    number = kinds.KINDS[kind]
    out.emit(recorder.pack(int(time), *words.values(), int(lane), flags, number))
    return [record.hex() for record in out.records]


with open(sys.argv[2], encoding="utf-8") as file:
    vectors = json.load(file)["vectors"]
print(
    json.dumps(
        {
            "encoded": [encode(vector["text"]) for vector in vectors],
            "head": refuse.head_bytes(4711, 2, 2**40 + 3, 2**60 + 5).hex(),
        }
    )
)

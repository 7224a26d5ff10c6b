"""Writes the block vectors with stock biscuit-python, from the Datalog in docs/format.md, and compares bytes."""

import re
from pathlib import Path

from biscuit_auth import Algorithm, Biscuit, BiscuitBuilder, BlockBuilder, KeyPair

import vectors

FORMAT_VERSION = 6
PAGE = Path(__file__).resolve().parents[2] / "docs" / "format.md"
# The text syntax has no word for no bytes: its `hex:` wants at least one. A parameter has.
NO_BYTES = re.compile(r"\bhex:(?![0-9a-f])")


def page():
    """The Datalog of every construct, as the page shows it: of later blocks without their fact."""
    fences = re.findall(r"^```datalog (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return {name: text if "bailiwick(1);" in text else f'delegate("summarizer");\n{text}' for name, text in fences}


def fields(message):
    """The fields of a protobuf message: number, bytes before the content, content."""
    at, found = 0, []
    while at < len(message):
        start, (tag, at) = at, varint(message, at)
        value, at = varint(message, at)
        if tag & 7 == 2:
            content, at = message[at : at + value], at + value
        else:
            content = value
        found.append((tag >> 3, content, message[start:at]))
    return found


def varint(message, at):
    value = shift = 0
    while True:
        value |= (message[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if message[at - 1] < 0x80:
            return value, at


def set_version(block):
    """Sets the block version aside: stock builders write the lowest that will do, format 1 always 6."""
    return b"".join(bytes([0x18, FORMAT_VERSION]) if number == 3 else raw for number, _, raw in fields(block))


def written(texts):
    """The last block of a token that stock makes of these texts."""
    first, *later = [(NO_BYTES.sub("{none}", text), {"none": b""} if NO_BYTES.search(text) else {}) for text in texts]
    token = BiscuitBuilder(*first).build(KeyPair().private_key)
    for text in later:
        token = token.append(BlockBuilder(*text))
    blocks = [content for number, content, _ in fields(bytes(token.to_bytes())) if number in (2, 3)]
    (block,) = [content for number, content, _ in fields(blocks[-1]) if number == 1]
    return set_version(block)


def check():
    texts, wrong, same = page(), [], 0
    all_blocks = vectors.read("block")
    for vector in all_blocks:
        name = vector.name.removeprefix("block/")
        try:
            block = written([texts[one] for one in vector.all("after") + [name]]).hex()
        except Exception as error:
            wrong.append(f"{vector.name}: {error}")
            continue
        if block == vector.get("block"):
            same += 1
        else:
            wrong.append(f"{vector.name}: biscuit-python writes other bytes")
    print(f"blocks: {len(all_blocks)} vectors, {same} written byte for byte from the Datalog in docs/format.md "
          "(the block version set aside)")
    return wrong

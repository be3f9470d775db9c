"""What to do about slips in quotation marks, odd characters, IRIs and declarations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from partnergraph.slips.single_tokens import WELL_KNOWN, bare_iri
from partnergraph.sparql.recogniser import Advice, Fault

_INSTEAD = dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛`´", "'")
_INSTEAD |= {"≠": "!=", "≤": "<=", "≥": ">=", "−": "-", "–": "-", "—": "-", "×": "*", "∧": "&&"}
_INSTEAD |= {"∨": "||", "¬": "!", "＝": "=", "？": "?"}


def character_slip(fault: Fault) -> Advice | None:
    """What to do about a fault, as far as it is one of these slips."""
    return next((advice for rule in _RULES if (advice := rule(fault))), None)


def _unclosed_string(fault: Fault) -> Advice | None:
    found, before = fault.found, fault.near(-1)
    if before.text in ('""', "''") and _adjoins(fault) and found.text.startswith(before.text[0]):
        quote = before.text[0] * 3
        message = f"The string that begins with {quote} is never closed."
        return Advice(f"Close it with {quote}", message, before.start)
    if found.text not in ('"', "'"):
        return None
    hint = f"Close it with {found.text}"
    if found.text in fault.text[found.end :]:
        hint += f", or write a string of several lines as {found.text * 3}…{found.text * 3}"
    return Advice(hint, "The string that begins here is not closed on its line.")


def _inner_quotation_mark(fault: Fault) -> Advice | None:
    quote = fault.near(-1).text[:1]
    if not _adjoins(fault) or fault.found.terminal in ("^", "LANGTAG", "END"):
        return None
    return Advice(rf"A {quote} that belongs to the string is written \{quote}")


def _adjoins(fault: Fault) -> bool:
    before = fault.near(-1)
    return before.terminal == "STRING" and before.end == fault.found.start


def _odd_character(fault: Fault) -> Advice | None:
    sign = fault.found.text
    if fault.found.terminal != "NONE":
        return None
    if sign in _INSTEAD:
        kind = "straight quotation mark " if _INSTEAD[sign] in "\"'" else ""
        return Advice(f"Write the {kind}{_INSTEAD[sign]} instead of {sign}")
    if sign == "%" and re.match(r"%[0-9A-Fa-f]{2}", fault.text[fault.found.start :]):
        return Advice("The query seems to be percent-encoded twice; encode it once.")
    name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
    if not sign.isprintable() or unicodedata.category(sign)[0] in "ZC":
        message = f"An invisible character stands here: {name}."
        return Advice("Remove it, or type a common space.", message)
    if sign == "\\" or sign.isascii():
        return None
    return Advice(
        f"The character {sign} ({name}) can stand only in strings, IRIs, names and comments."
    )


def _turtle(fault: Fault) -> Advice | None:
    found = fault.found
    if found.text.lower() in ("@prefix", "@base"):
        named = fault.near(1).text.endswith(":")
        parts = [found.text[1:].upper(), *(fault.near(place).text for place in range(1, 2 + named))]
        return Advice(f"In SPARQL there is no '@' and no dot at the end: {' '.join(parts)}")
    declared = fault.near(-1).terminal == "IRIREF" and "PREFIX" in fault.allowed
    if found.terminal in (".", ";") and declared:
        return Advice(f"Remove the '{found.text}'; in SPARQL nothing ends a declaration.")
    return None


def _prologue(fault: Fault) -> Advice | None:
    found, after = fault.found, fault.near(1)
    if fault.near(-1).terminal == "PREFIX" and fault.allowed == {"PNAME_NS"}:
        name = found.text.lstrip("?$").partition(":")[0]
        iri = after.text if after.terminal == "IRIREF" else f"<{WELL_KNOWN.get(name, 'http://…')}>"
        return Advice(f"Write PREFIX {name}: {iri}")
    if fault.allowed == {"IRIREF"} and found.terminal == "STRING":
        return Advice(f"Write <{found.text.strip(found.text[0])}>")
    if found.terminal in ("PREFIX", "BASE"):
        return Advice("Put all PREFIX and BASE lines before SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return None


def _iri(fault: Fault) -> Advice | None:
    found = fault.found
    if found.terminal in ("PNAME_NS", "PNAME_LN") and (advice := bare_iri(fault.text, found.start)):
        return advice
    if found.terminal not in ("<", "<=") or "IRIREF" not in fault.allowed:
        return None
    inside, closed, _ = fault.text[found.end :].partition("\n")[0].partition(">")
    if not closed:
        return Advice("The IRI that begins here is not closed: put '>' after it.")
    fitting = inside.strip().replace(" ", "%20")
    return Advice(f"An IRI holds no spaces, quotation marks or braces; perhaps <{fitting}>")


_RULES: tuple[Callable[[Fault], Advice | None], ...] = (
    _unclosed_string,
    _inner_quotation_mark,
    _odd_character,
    _turtle,
    _prologue,
    _iri,
)

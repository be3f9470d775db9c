"""What names in XML are made of, for regular expressions: https://www.w3.org/TR/xml/#NT-Name.

In escapes, as an editor that normalizes texts makes another character of some of these.
"""

from __future__ import annotations

NAME_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
"""What the first character of a name without a colon is one of."""

NAME_CHAR = rf"{NAME_START}.0-9\u00B7\u0300-\u036F\u203F\u2040-"
"""What the others are one of; the hyphen is the last."""

NC_NAME = f"[{NAME_START}][{NAME_CHAR}]*"
"""A name without a colon: https://www.w3.org/TR/xml-names/#NT-NCName."""

"""Why the gate does not notice a mutation: patterns of names, and the reason for each.

Every mutation that a pattern fits has to survive, and every survivor has to fit a pattern.
"""

from __future__ import annotations

ONLY_THE_SOURCE = "It has the right form and contradicts nothing: only the source knows better."
SILENCE = "A source need not say it, and what it does not say is no fault of the graph."
NO_TEXT = "The graph does not hold the text: only a comparison with it shows this."
OPEN_CLASS = "Constraint 24 closes the core classes; these follow their own vocabularies."
ORGANISATION = "No constraint speaks of how an organisation is divided and what it is asked about."
LED_TO = "What leads to it says what it is; no shape relies on the class."

SURVIVORS = {
    "year-shifted *": ONLY_THE_SOURCE,
    "date-padded *": ONLY_THE_SOURCE,
    "anniversary-of-other-years *": ONLY_THE_SOURCE,
    "other-status *": ONLY_THE_SOURCE,
    "coordinates-nearby *": ONLY_THE_SOURCE,
    "other-party agreement/* tp:party place/hr/vodnjan-dignano *": ONLY_THE_SOURCE,
    "other-party partnership/* tp:party place/lv/valmiera-region *": ONLY_THE_SOURCE,
    "second-value * tp:kind *": "A source may call a territory by two kinds.",
    "drop agreement/* tp:party place/hr/vodnjan-dignano": SILENCE,
    "drop * tp:partnership *": "Territories may sign an agreement without being partners.",
    "drop * tp:began *": SILENCE,
    "drop * tp:founded *": SILENCE,
    "drop * tp:anniversary partnership/*": SILENCE,
    "drop * tp:inFrameworkOf *": SILENCE,
    "drop * tp:memberCountAbove *": SILENCE,
    "drop * tp:kind *": SILENCE,
    "drop * tp:listedAsPartnerOf *": SILENCE,
    "drop * tp:heading *": SILENCE,
    "drop * tp:alpha[23] *": SILENCE,
    "drop * tp:officialLanguage *": SILENCE,
    "drop * tp:emailRedacted *": SILENCE,
    "drop * org:heldBy *": SILENCE,
    "drop-field-of-activity *": SILENCE,
    "drop-one-of-several-passages *": "One passage is enough; only the source shows another.",
    "drop-whole membership/*": SILENCE,
    "drop-whole statement/*": SILENCE,
    "drop-whole post/*": "It stands in a file of its own, so that a publisher can leave it out.",
    "drop-label-native-of-country *": "Constraint 13 asks for the native labels of territories.",
    "drop-class * rdf:type tp:Anniversary": LED_TO,
    "drop-class * rdf:type oa:TextPositionSelector": LED_TO,
    "drop-class * rdf:type org:Organization": ORGANISATION,
    "drop-class * rdf:type dcterms:BibliographicResource": LED_TO,
    "drop-title-of-reference *": OPEN_CLASS,
    "misspelt-of-open-class *": OPEN_CLASS,
    "*-thing * org:hasUnit *": ORGANISATION,
    "*-thing * org:unitOf *": ORGANISATION,
    "*-thing * schema:about *": ORGANISATION,
    "passage-moved *": NO_TEXT,
    "digest-of-another-text *": NO_TEXT,
    "close-match-shared *": "A close match claims no identity; two things may be close to one.",
    "derived-beginning-stated *": "A beginning may be stated; it is derived only where it is not.",
    "not-derived *": "No constraint speaks of them; they come from rules, which have tests.",
}
"""It is right that no shape notices: no shape could know, or none is meant to ask."""

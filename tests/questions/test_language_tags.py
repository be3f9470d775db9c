"""Every language tag that BCP 47 allows: the examples of RFC 5646, appendix A."""

from __future__ import annotations

import pytest

from partnergraph.errors import UnfitParameter
from partnergraph.questions.asked import read_options

WELL_FORMED = (
    "de fr ja i-enochian zh-Hant zh-Hans sr-Cyrl sr-Latn zh-cmn-Hans-CN cmn-Hans-CN zh-yue-HK "
    "yue-HK zh-Hans-CN sr-Latn-RS sl-rozaj sl-rozaj-biske sl-nedis de-CH-1901 sl-IT-nedis "
    "hy-Latn-IT-arevela de-DE en-US es-419 de-CH-x-phonebk az-Arab-x-AZE-derbend x-whatever "
    "qaa-Qaaa-QM-x-southern de-Qaaa sr-Latn-QM sr-Qaaa-RS en-US-u-islamcal "
    "zh-CN-a-myext-x-private en-a-myext-b-another lv lat EN-gb en-GB-oed"
)
ILL_FORMED = "de-419-DE a-DE 1a lv_LV lv- -lv lv--LV x- en-x en-a toolongtag é *"


@pytest.mark.parametrize("tag", WELL_FORMED.split())
def test_names_can_be_asked_for_by_every_tag(tag: str) -> None:
    """In any letters: what is served has them small."""
    assert read_options([("labels", tag)]).labels == (tag.lower(),)
    assert read_options([("labels", f"lv,{tag},en")]).labels[0] == "lv"


@pytest.mark.parametrize("tag", ILL_FORMED.split())
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(UnfitParameter):
        read_options([("labels", tag)])

"""Pictures: maps, timelines, bars and networks, as they are drawn and as a browser shows them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from partnergraph.pictures.arc_diagrams import MOST_NODES, Node, draw_arcs
from partnergraph.pictures.map_labels import LAYOUTS
from partnergraph.pictures.maps import Spot, draw_map
from partnergraph.pictures.projection import RATIO, WORLD, project
from partnergraph.pictures.timelines import Event, Line, Stretch, draw_timeline
from partnergraph.things.cooperation import Place
from tests.browsing import LANGUAGES, address_of, in_both_languages, new_page, overflow, quiet_page
from tests.serving import Server

WIDTHS = (320, 360, 414, 600, 768, 1024, 1280)


# Maps

PLACES = st.builds(Place, st.floats(-60, 75), st.floats(-180, 180))
SPOTS = st.builds(Spot, PLACES, st.text("Aāšn -", min_size=1, max_size=20), is_home=st.booleans())


def test_a_place_is_where_mercator_has_it() -> None:
    assert project(Place(0, 0)) == pytest.approx((WORLD / 2, WORLD / 2))
    x, y = project(Place(57.54108, 25.42751))
    assert x == pytest.approx((25.42751 + 180) / 360 * WORLD)
    north = math.degrees(2 * math.atan(math.exp((0.5 - y / WORLD) * 2 * math.pi)) - math.pi / 2)
    assert north == pytest.approx(57.54108)


@settings(max_examples=60, deadline=None)
@given(st.lists(SPOTS, min_size=1, max_size=12))
def test_labels_never_touch_at_any_width(spots: list[Spot]) -> None:
    """Nor do they leave the map, nor cover a place."""
    drawn = draw_map(spots)
    assert drawn is not None
    assert len(drawn.points) == len(spots)
    for number, layout in enumerate(LAYOUTS):
        for width in (layout.least, (layout.least + layout.most) / 2, layout.most):
            boxes = []
            for point in drawn.points:
                x, y = point.x / 100 * width, point.y / 100 * width / RATIO
                assert -1 <= x <= width + 1
                label = point.labels[number]
                if label.text:
                    long = len(label.text) * 6
                    left = {"start": 0.0, "middle": long / 2, "end": long}[label.anchor]
                    at = x + label.dx - left
                    boxes.append((at, y + label.dy - 11, at + long, y + label.dy + 3))
            for one, other in itertools.combinations(boxes, 2):
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_there_is_land_wherever_people_live() -> None:
    """In Latvia, in Chile, and on both sides of the date line."""
    for latitude, longitude in ((57.5, 25.4), (-33.4, -70.7), (66, 179), (-18.1, 178.4)):
        drawn = draw_map([Spot(Place(latitude, longitude), "x")])
        assert drawn is not None
        assert drawn.land.startswith("M")
        assert len(drawn.land) < 60_000
    assert draw_map([]) is None


def test_all_are_connected_with_home() -> None:
    others = [Spot(Place(48, 2), "a"), Spot(Place(9, 9), "b")]
    spots = [Spot(Place(57, 25), "home", is_home=True), *others]
    drawn = draw_map(spots)
    assert drawn is not None
    assert len(drawn.arcs) == 2


# Timelines


def test_dates_of_every_precision_have_their_place() -> None:
    line = Line(
        "x", "", (Stretch("1990", "1999"),), (Event("1995-07", "e"), Event("1995-07-15", "f"))
    )
    drawn = draw_timeline([line])
    assert drawn is not None
    first, last = drawn.ticks[0].year, drawn.ticks[-1].year
    (track,) = drawn.tracks
    (bar,) = track.bars
    assert first <= 1990
    assert last == 2000
    assert bar.start + bar.width == pytest.approx(100)  # A year lasts until its end.
    marks = [mark.at for mark in track.marks]
    assert None not in marks
    assert marks == sorted(marks, key=lambda at: at or 0)
    assert all(bar.start < (at or 0) < bar.start + bar.width for at in marks)


def test_what_is_unknown_is_shown_as_unknown() -> None:
    lines = [
        Line("a", "", (Stretch(""),), (Event("", "signed"),)),
        Line("b", "", (Stretch("1991"),)),
        Line("c", "", (Stretch("1980", "", is_over=True),)),
    ]
    drawn = draw_timeline(lines)
    assert drawn is not None
    unknown, open_ended, over = drawn.tracks
    assert not unknown.bars[0].begins
    assert unknown.marks[0].at is None
    assert (open_ended.bars[0].begins, open_ended.bars[0].ends) == (True, False)
    assert over.bars[0].ends
    assert draw_timeline([Line("x", "", (Stretch(""),))]) is None


@given(st.lists(st.integers(1000, 2999), min_size=1, max_size=5))
def test_every_year_fits(years: list[int]) -> None:
    drawn = draw_timeline([Line("x", "", (), tuple(Event(f"{year:04}", "e") for year in years))])
    assert drawn is not None
    assert 2 <= len(drawn.ticks) <= 8
    assert all(0 <= (mark.at or 0) <= 100 for mark in drawn.tracks[0].marks)


# Networks


def test_a_network_is_never_a_tangle() -> None:
    """Of ten thousand places, those with the most connections."""
    hub = Node("hub")
    pairs = [(hub, Node(f"place {number}")) for number in range(10_000)]
    pairs += [(Node("place 1"), Node("place 2"))] * 3
    drawn = draw_arcs(pairs)
    assert drawn is not None
    assert len(drawn.nodes) == MOST_NODES
    assert drawn.untold == 10_001 - MOST_NODES
    assert {"hub", "place 1", "place 2"} <= {node.name for node, _ in drawn.nodes}
    assert max(arc.width for arc in drawn.arcs) == 6.0
    assert draw_arcs([]) is None


# In a browser


def boxes(page: Page, selector: str) -> list[dict[str, Any]]:
    """The boxes of what is seen of some elements, with their texts."""
    found: list[dict[str, Any]] = page.locator(selector).evaluate_all(
        """all => all.filter(one => one.checkVisibility()).map(one => {
            const { left, top, right, bottom } = one.getBoundingClientRect();
            const size = parseFloat(getComputedStyle(one).fontSize);
            return { left, top, right, bottom, size, text: one.textContent };
        })"""
    )
    return found


@pytest.mark.parametrize("path", ["", "doc/place/de/halle-westf", "doc/place/lv/valmiera"])
def test_names_on_maps_can_be_read_at_every_width(
    path: str, browser: Browser, published: Server
) -> None:
    """At least 11 pixels high, none over another, all of them on the map."""
    with new_page(browser) as page:
        for width, language in itertools.product(WIDTHS, LANGUAGES):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address_of(published, path or "index", language))
            names = boxes(page, ".map text")
            (picture,) = boxes(page, ".map .picture")
            assert names
            for one in names:
                assert one["size"] >= 11
                assert picture["left"] - 1 <= one["left"], one
                assert one["right"] <= picture["right"] + 1, one
            for one, other in itertools.combinations(names, 2):
                apart = one["right"] <= other["left"] or other["right"] <= one["left"]
                assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"], (
                    width,
                    one["text"],
                    other["text"],
                )
            assert overflow(page) <= 0


@in_both_languages
def test_map_timeline_and_table_show_the_same(
    language: str, browser: Browser, published: Server
) -> None:
    """Without a script; who has no place is listed beside the map."""
    with new_page(browser, scripts=False) as page:
        page.goto(address_of(published, "index", language))
        table = {
            row.locator("td").nth(1).locator("a").inner_text()
            for row in page.locator("#partners + section tbody tr").all()
        }
        assert len(table) == 9
        spots = page.locator(".map .picture > a")
        mapped = {one.get_attribute("aria-label") for one in spots.all()} - {"Valmiera"}
        beside = set(page.locator(".map + p a").all_inner_texts())
        assert mapped | beside == table
        assert not mapped & beside
        networks = {text.strip() for text in page.locator("#networks + ul a").all_inner_texts()}
        lines = {text.strip() for text in page.locator(".timeline li > a").all_inner_texts()}
        assert lines == table | networks
        unknown = page.locator(".timeline li", has_text="Solna").locator(".undated")
        assert unknown.count() == 1


def test_the_focus_is_seen_wherever_it_goes(browser: Browser, published: Server) -> None:
    """Through all of the front page, its map included; the skip link is first."""
    seen = []
    with new_page(browser) as page:
        page.goto(address_of(published, "index", "en"))
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => {
                    const one = document.activeElement, circle = one.querySelector("circle");
                    const style = getComputedStyle(circle ?? one);
                    return [
                        one.className?.baseVal ?? one.className,
                        style.outlineStyle !== "none" || style.strokeWidth === "4px",
                    ];
                }"""
            )
            seen.append(focused)
    assert seen[0][0] == "skip"
    assert all(is_seen for _, is_seen in seen)


def test_any_territory_has_such_a_page(published: Server) -> None:
    """Nothing is Valmiera's alone."""
    text = published.client.get("/doc/place/de/halle-westf.en.html").text
    for part in ('id="map"', 'id="timeline"', 'id="partners"'):
        assert part in text
    text = published.client.get("/doc/country/lv.en.html").text
    assert 'id="timeline"' not in text


def test_the_front_page_is_light_and_still(browser: Browser, published: Server) -> None:
    """At most 100 kB for the first paint; nothing moves; text is compressed and kept."""
    sizes: list[float] = []
    with quiet_page(browser, published) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
        page.add_init_script(
            """window.moved = 0; new PerformanceObserver(list => {
                for (const entry of list.getEntries()) window.moved += entry.value;
            }).observe({ type: "layout-shift", buffered: true });"""
        )
        page.goto(address_of(published, "index", "lv"), wait_until="networkidle")
        assert 0 < sum(sizes) <= 100_000
        assert page.evaluate("window.moved") < 0.01
    for path in ("/index.lv.html", "/static/page.css", "/static/editor.js"):
        response = published.client.get(path, headers={"accept-encoding": "br, gzip"})
        assert response.headers["content-encoding"] in ("br", "gzip"), path
        assert response.headers["etag"]
        assert response.headers["cache-control"]


def test_pictures_are_drawn_on_request(published: Server) -> None:
    """For the editor: within the bounds of queries, and with their errors."""
    query = "SELECT ?a ?b { ?a <https://partnergraph.example/def#twinnedWith> ?b }"
    drawn = published.client.post("/sparql/picture?view=Graph&lang=lv", data={"query": query})
    assert drawn.status_code == 200
    assert "figure" in drawn.text
    assert drawn.headers["content-language"] == "lv"
    none = published.client.get("/sparql/picture", params={"view": "Map", "query": "ASK {}"})
    assert "nav" in none.text
    for wrong_one in ({"view": "Cake"}, {"view": "Map", "lang": "de"}):
        parameters = {"query": query, **wrong_one}
        assert published.client.get("/sparql/picture", params=parameters).status_code == 400
    wrong = published.client.get("/sparql/picture", params={"view": "Map", "query": "SELECT"})
    assert wrong.status_code == 400
    assert wrong.json()["type"].endswith("malformed-query")
    service = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"
    refused = published.client.get("/sparql/picture", params={"view": "Map", "query": service})
    assert refused.status_code == 400


def test_the_gallery_can_be_searched(browser: Browser, published: Server) -> None:
    """By words without their accents; without a script, all questions are there."""
    with new_page(browser) as page:
        page.goto(address_of(published, "queries", "lv"))
        every = page.locator(".questions li")
        assert every.count() >= 20
        page.get_by_label("Meklēt jautājumu").fill("vikidatu saites")
        shown = [one for one in every.all() if one.is_visible()]
        assert 0 < len(shown) < every.count()
        page.get_by_label("Meklēt jautājumu").fill("qqq")
        assert page.locator("#no-question").is_visible()
    with new_page(browser, scripts=False) as page:
        page.goto(address_of(published, "queries", "lv"))
        assert all(one.is_visible() for one in page.locator(".questions li").all())
        assert not page.locator("#find-question").is_visible()

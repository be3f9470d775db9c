"""What a query finds: for certain, and where some claims may have been in force, perhaps."""

from __future__ import annotations

from pyoxigraph import QuerySolutions, Store

from partnergraph.answers.lineage import Lineage
from partnergraph.dataset.canonical import Graphs
from partnergraph.engine import Enrichment
from partnergraph.mends.evaluation import evaluate
from partnergraph.things.in_force import Days, dateless_view, views


class Found:
    """The answer to a query, and the dataset that it is the answer of.

    Attributes:
        certain: the answer from the dataset, or from what was in force for certain.
        possible: the answer from what may have been in force as well, where that is more.
        dateless: the answer from what has no dates, where a day is asked for.
        view: the dataset of the former.
        wider_view: that of the latter.
    """

    def __init__(self, graphs: Graphs, text: str, enrichment: Enrichment) -> None:
        self.graphs = graphs
        self.enrichment = enrichment
        self._text = text
        self._lineages: dict[int, Lineage] = {}
        self.view = self.wider_view = graphs.store
        if enrichment.as_of:
            days = Days.read(enrichment.as_of)
            assert days is not None
            self.view, self.wider_view = _views(graphs, days)
        self.certain = evaluate(self.view, text)
        widened = self.wider_view is not self.view
        self.possible = evaluate(self.wider_view, text) if widened else None
        self.dateless = evaluate(_dateless(graphs), text) if enrichment.as_of else None

    @property
    def columns(self) -> list[str]:
        """The variables of the solutions."""
        if isinstance(self.certain, QuerySolutions):
            return [variable.value for variable in self.certain.variables]
        return []

    def lineage(self, view: Store) -> Lineage:
        """Finds the passages of what is answered from a view."""
        if id(view) not in self._lineages:
            graphs = Graphs(view, self.graphs.base)
            self._lineages[id(view)] = Lineage(graphs, self._text, self.columns)
        return self._lineages[id(view)]


def widest_view(store: Store, enrichment: Enrichment) -> Store:
    """The dataset with all that was in force, or perhaps was, where a day is asked for."""
    days = Days.read(enrichment.as_of)
    return _views(Graphs(store, enrichment.base), days)[1] if days else store


_kept_views: dict[tuple[str, Days], tuple[Store, Store]] = {}
"""The views of the latest day, as people ask several things of one; a process has one dataset."""


_kept_dateless: dict[str, Store] = {}


def _dateless(graphs: Graphs) -> Store:
    if graphs.base not in _kept_dateless:
        _kept_dateless[graphs.base] = dateless_view(graphs)
    return _kept_dateless[graphs.base]


def _views(graphs: Graphs, days: Days) -> tuple[Store, Store]:
    key = (graphs.base, days)
    if key not in _kept_views:
        _kept_views.clear()
        _kept_views[key] = views(graphs, days)
    return _kept_views[key]

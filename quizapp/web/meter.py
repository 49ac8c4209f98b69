"""What a process measures, kept by Prometheus' own library. Imported by a measured site alone (see metrics.py)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from quizapp.web.gauges import Gauge

SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)  # bounds of the histogram's bins


class Meter:
    """The requests that were answered, and how long that took.

    With a `folder`, several processes keep their figures there, and whichever is asked tells those of all.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "quizapp_requests",
            "Requests answered.",
            ("endpoint", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "quizapp_request_seconds",
            "Seconds from the arrival of a request to its answer.",
            ("endpoint",),
            buckets=SECONDS,
            registry=self._registry,
        )
        if folder is None:
            ProcessCollector(registry=self._registry)

    def begin(self) -> None:
        """Note when this request arrived."""
        g.arrived = time.perf_counter()

    def note(self, response: Response) -> Response:
        """Count this request. It is told by its endpoint, for an address may name what is somebody's own."""
        endpoint = request.endpoint or "none"
        self._requests.labels(endpoint, request.method, response.status_code).inc()
        if "arrived" in g:  # else it was refused before `begin`
            self._seconds.labels(endpoint).observe(time.perf_counter() - g.arrived)
        return response

    def text(self, gauges: Iterable[Gauge]) -> tuple[bytes, str]:
        """Return everything measured, and `gauges`, in Prometheus' text format, with its content type."""
        told = CollectorRegistry()
        told.register(_Read(gauges))
        measured = self._registry
        if self._folder is not None:
            measured = CollectorRegistry()
            MultiProcessCollector(measured, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(measured) + generate_latest(told), CONTENT_TYPE_LATEST


class _Read(Collector):
    """Gauges, as the library wants them."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=[gauge.label] if gauge.label else [])
            for which, figure in gauge.figures.items():
                family.add_metric([which] if gauge.label else [], figure)
            yield family

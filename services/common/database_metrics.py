"""What a service tells of its database."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from services.common.database import Database
from services.common.metrics import Families

if TYPE_CHECKING:
    from prometheus_client import Metric


def database_families(service: str, database: Database) -> Families:
    return partial(_families, service, database)


def _families(service: str, database: Database) -> "Iterable[Metric]":
    from prometheus_client.core import HistogramMetricFamily

    sizes = database.commit_sizes
    family = HistogramMetricFamily(
        "dateline_commit_writes", "Writes that shared one commit; SQLite only.", labels=("service",)
    )
    family.add_metric((service,), sizes.buckets(), sizes.total)
    return [family]

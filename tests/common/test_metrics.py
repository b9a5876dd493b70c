"""What is counted, and how it is told."""

from services.common.histogram import Histogram
from services.common.job_runs import JobRuns
from services.common.metrics import Metrics
from services.common.request_times import RequestTimes


def test_services_of_a_process_are_told_together() -> None:
    """Each family once, as the format demands; a worker says which one it is."""
    metrics, times, runs = (
        Metrics(worker="7"),
        [RequestTimes("posts"), RequestTimes("comments")],
        JobRuns("x", lambda: 5),
    )
    for one in times:
        one.note({"method": "GET"}, 200, 0.002)
        metrics.add(one.families)
    runs.failed("indexing")
    with metrics.telling(runs.families):
        text = metrics.text().decode()
    assert text.count("# TYPE dateline_request_seconds histogram") == 1
    for service in ("posts", "comments"):
        labels = f'le="0.0025",method="GET",route="none",service="{service}",status="200",worker="7"'
        assert f"dateline_request_seconds_bucket{{{labels}}} 1.0" in text
    assert 'dateline_job_failures_total{job="indexing",service="x",worker="7"} 1.0' in text
    assert "dateline_job" not in metrics.text().decode()


def test_a_histogram_counts_up_to_each_bound() -> None:
    histogram = Histogram((1, 2))
    for value in (0.5, 1, 1.5, 9):
        histogram.note(value)
    assert histogram.buckets() == [("1.0", 2), ("2.0", 3), ("+Inf", 4)]
    assert histogram.total == 12

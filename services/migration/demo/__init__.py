"""The demo blog: a fictional harbor weekly to fill a new Dateline with."""

from services.migration.demo.reader import demo_export

__all__ = ["demo_export"]

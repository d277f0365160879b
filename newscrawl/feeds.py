"""What `scrapy crawl NAME -O FILE.csv` writes."""

import csv
from typing import Any

from scrapy.exporters import CsvItemExporter

from newscrawl.export.cells import cell


class SafeCsvExporter(CsvItemExporter):
    """CSV that a spreadsheet opens as it is meant: Chinese in UTF-8 with its mark, no cell that is run as a formula."""

    def __init__(self, file: Any, **settings: Any) -> None:
        super().__init__(file, **{**settings, "encoding": "utf-8-sig"})
        self.csv_writer = csv.writer(self.stream, lineterminator="\r\n")

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:  # noqa: ARG002
        """One cell."""
        return cell(value)

"""Answers that are packed again and again: each layer may be as large as an answer, and unpacking holds up all else."""

from typing import TYPE_CHECKING

from newscrawl.middlewares.refusals import Refusal
from newscrawl.storage.archive_decoding import MOST_ENCODINGS, encodings_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class FewEncodings:
    """Stands between decompression and archive: what is refused here is kept as it came."""

    def process_response(self, request: "Request", response: "Response") -> "Response":  # noqa: ARG002
        told = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if len(encodings_of(told)) > MOST_ENCODINGS:
            raise Refusal(
                "too_complex", f"packed {len(encodings_of(told))} times; at most {MOST_ENCODINGS} are unpacked"
            )
        return response

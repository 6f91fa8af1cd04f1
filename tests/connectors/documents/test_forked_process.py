"""A process that was forked from one that had rendered gets an error; without it, it would wait for ever."""

from __future__ import annotations

import os
import signal

import pytest

from connectors.documents.render import render_invoice
from tests.connectors.documents.samples import invoice


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded")
def test_a_child_of_a_process_that_rendered_is_told_so() -> None:
    render_invoice(invoice(1))
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            render_invoice(invoice(2))
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7

"""What notebooks use, imported before a kernel runs any: see ``riskdata.reports.programs``."""

import gc

gc.disable()  # nothing of what is imported is thrown away again

import comm  # noqa: E402
import ipykernel.kernelapp  # noqa: E402, F401
import pandas  # noqa: E402
import scipy.optimize  # noqa: E402, F401
import seaborn  # noqa: E402, F401
import sklearn.feature_extraction.text  # noqa: E402, F401

import riskdata.explorer  # noqa: E402
import riskdata.reports.committee  # noqa: E402, F401

# Some hundred rows of text are handled quicker by numpy than by Arrow; and nobody presses the
# buttons of a page: they need not tell anybody how they look.
pandas.options.mode.string_storage = "python"
comm.create_comm = comm.DummyComm
gc.freeze()
gc.set_threshold(50_000)  # a notebook throws little away
gc.enable()

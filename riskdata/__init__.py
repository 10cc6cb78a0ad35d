"""Clean, follow, compare and chart the risk and follow-up exports of Swedish municipal boards."""

from riskdata.collection import Data, clean_folder, load, read_export
from riskdata.errors import RiskdataError

__all__ = ["Data", "RiskdataError", "clean_folder", "load", "read_export"]

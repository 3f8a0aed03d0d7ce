"""Pictures and documents under a complaint: checked by content, filed by hash, described, marked up."""

from eightd.usecases.evidence.check import KIND_REFUSED, CheckedUpload, Upload, check_upload
from eightd.usecases.evidence.file import add_evidence, file_evidence, filed_document

__all__ = [
    "KIND_REFUSED",
    "CheckedUpload",
    "Upload",
    "add_evidence",
    "check_upload",
    "file_evidence",
    "filed_document",
]

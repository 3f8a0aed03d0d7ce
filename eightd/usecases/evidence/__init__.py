"""Pictures and documents under a complaint: checked by content, filed by hash, described, marked up."""

from eightd.usecases.evidence.change import Said, change_evidence
from eightd.usecases.evidence.check import KIND_REFUSED, CheckedUpload, Upload, check_upload
from eightd.usecases.evidence.file import add_evidence, file_evidence, filed_document
from eightd.usecases.evidence.mark import Drawing, draw, mark_picture

__all__ = [
    "KIND_REFUSED",
    "CheckedUpload",
    "Drawing",
    "Said",
    "Upload",
    "add_evidence",
    "change_evidence",
    "check_upload",
    "draw",
    "file_evidence",
    "filed_document",
    "mark_picture",
]

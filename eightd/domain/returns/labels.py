"""What stages, places and dispositions of returns are called in messages (procedure 8)."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.returns.stages import Disposition, Place, ReturnStage
from eightd.domain.words import Phrase

RETURN_STAGE_LABELS: Mapping[ReturnStage, Phrase] = {
    ReturnStage.ANNOUNCED: Phrase("return_stage.announced", "announced", "已预告"),
    ReturnStage.RECEIVED: Phrase("return_stage.received", "received", "已签收"),
    ReturnStage.CHECKED: Phrase("return_stage.checked", "checked", "已核对"),
    ReturnStage.BOOKED_IN: Phrase("return_stage.booked_in", "booked in", "已入库"),
    ReturnStage.DRAWN: Phrase("return_stage.drawn", "being tested", "测试中"),
    ReturnStage.COUNTED: Phrase("return_stage.counted", "counted", "已统计"),
    ReturnStage.ANALYSED: Phrase("return_stage.analysed", "analysed", "已分析"),
    ReturnStage.PLANNED: Phrase("return_stage.planned", "planned", "已定处理计划"),
    ReturnStage.REWORKED: Phrase("return_stage.reworked", "ready to go back", "待重新交付"),
    ReturnStage.REDELIVERED: Phrase("return_stage.redelivered", "sent back", "已重新交付"),
    ReturnStage.SETTLED: Phrase("return_stage.settled", "booked by finance", "财务已入账"),
    ReturnStage.CLOSED: Phrase("return_stage.closed", "closed", "已结案"),
    ReturnStage.CANCELLED: Phrase("return_stage.cancelled", "cancelled", "已取消"),
}

PLACE_LABELS: Mapping[Place, Phrase] = {
    Place.CUSTOMER: Phrase("place.customer", "at the customer", "客户处"),
    Place.SURPLUS: Phrase("place.surplus", "more than received", "多出"),
    Place.ARRIVED: Phrase("place.arrived", "arrived", "已到货"),
    Place.CHECKED: Phrase("place.checked", "checked", "已核对"),
    Place.WRONG_PART: Phrase("place.wrong_part", "wrong part, set aside", "错料，已隔离"),
    Place.STORED: Phrase("place.stored", "in stock", "在库"),
    Place.DRAWN: Phrase("place.drawn", "in test", "测试中"),
    Place.TO_REWORK: Phrase("place.to_rework", "to be reworked", "待返工"),
    Place.TO_REPAIR: Phrase("place.to_repair", "to be repaired", "待返修"),
    Place.TO_SCRAP: Phrase("place.to_scrap", "to be scrapped", "待报废"),
    Place.READY: Phrase("place.ready", "ready to go back", "待交付"),
    Place.KEPT: Phrase("place.kept", "kept for reference", "留样"),
    Place.SCRAPPED: Phrase("place.scrapped", "scrapped", "已报废"),
    Place.SENT_BACK: Phrase("place.sent_back", "sent back", "已交付"),
    Place.MISSING: Phrase("place.missing", "missing", "短缺"),
}

DISPOSITION_LABELS: Mapping[Disposition, Phrase] = {
    Disposition.REWORK: Phrase("disposition.rework", "rework", "返工"),
    Disposition.REPAIR: Phrase("disposition.repair", "repair", "返修"),
    Disposition.SCRAP: Phrase("disposition.scrap", "scrap", "报废"),
    Disposition.RETURN_AS_IS: Phrase("disposition.return_as_is", "return as it is", "原样退回"),
    Disposition.KEEP: Phrase("disposition.keep", "keep for reference", "留样"),
}

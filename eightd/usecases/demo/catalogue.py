"""What the demonstration plant knows beforehand: parts, customers and phenomena with their English names."""

from __future__ import annotations

from dataclasses import replace

from eightd.usecases.loading.records import ComplaintRecord

PARTS = {
    "PB-2L-15": "two-layer key board",
    "RT-3310": "AX3000 router",
    "PA-1202-EU": "12 V / 2 A power adapter",
    "CB-USBC-1M": "USB-C cable, 1 m",
    "RH-3310-W": "router top cover, white",
    "PA-0902-EU": "9 V / 2 A power adapter",
    "PB-6L-77": "six-layer main board",
}

CUSTOMERS = {
    "QS": "Qingsong Appliances",
    "TF": "Tengfei Automotive Electronics",
    "RM": "Ruiming Medical Electronics",
    "HX": "Huaxin Communication Equipment",
    "LT": "Langtuo Smart Technology",
}

PHENOMENA = {
    "异响": "abnormal noise",
    "焊点开路": "open solder joint",
    "输出电压偏低": "output voltage low",
    "色差": "colour difference",
    "毛边": "burr",
    "外箱破损": "outer box damaged",
    "外壳划伤": "scratch on housing",
    "烧录版本错误": "wrong firmware version",
    "胶渍脏污": "glue stain",
    "USB-C 接触不良": "USB-C poor contact",
    "WiFi 吞吐量低": "WiFi throughput low",
    "缩水": "sink mark",
    "耐压不良": "dielectric test failed",
    "按键失灵": "key does not respond",
    "无输出": "no output",
    "资料缺失": "documents missing",
    "PCB 阻焊剥落": "solder mask peeling",
    "丝印偏移": "silk screen shifted",
    "不开机": "does not start",
    "标签贴错": "wrong label",
    "少数": "quantity short",
}


def in_both_languages(record: ComplaintRecord) -> ComplaintRecord:
    """Return the record with the English names that it leaves out."""
    customer, counts = record.customer, record.counts
    return replace(
        record,
        customer=replace(customer, name_en=customer.name_en or CUSTOMERS.get(customer.code, customer.name)),
        part_name_en=record.part_name_en or PARTS.get(record.part_number, ""),
        counts=replace(
            counts,
            defects=tuple(
                replace(entry, phenomenon_en=entry.phenomenon_en or PHENOMENA.get(entry.phenomenon, ""))
                for entry in counts.defects
            ),
        ),
    )

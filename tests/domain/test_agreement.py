"""Texts and their translations: which state the same, which do not, and that none of the good ones is flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.discipline.agreement import MISSING, ONLY_HERE, ONLY_THERE, SAME, disagreements
from eightd.domain.discipline.stated import facts
from eightd.domain.words import Language

AGREE = (
    (
        "9 件不良品在 23 °C 下 9 件通过, 在 −40 °C 摆动下 9 件失效",
        "9 of 9 NG parts pass at 23 °C and fail at −40 °C with motion",
    ),
    ("2026 年第三季度", "Q3 2026"),
    ("两天", "2 days"),
    ("每天 17:30 下班", "closing at 17:30 every day"),
    ("共 1,200 件", "1200 pcs in all"),
    ("不良率 0.25 %", "defect rate 0.25%"),
    ("9 月", "September"),
    ("100 % 满载", "100 % full load"),
    ("100% 全检", "All parts were inspected"),
    ("批次 B2603A 共 200 件，其中 3 件不良", "3 of 200 pieces of lot B2603A were NG"),
    ("2026-03-12 收到", "received on 12 March 2026"),
    ("3 月 12 日起", "from March 12"),
    ("3月12日至14日", "from 12 to 14 March"),
    ("WI-WS-02 由 A/1 升为 A/2", "WI-WS-02 from A/1 to A/2"),
    ("老化 4 小时", "burn-in for 4 h"),
    ("30 分钟", "30 min"),
    ("温度 85 ℃", "85 °C"),
    ("85 度", "85 degrees C"),
    ("-20 ℃ 至 60 ℃", "-20 °C to 60 °C"),
    ("零下20度", "minus 20 °C"),
    ("２０ 件", "20 pcs"),
    ("1.2 万件", "12,000 pcs"),
    ("0 不良", "no defects"),
    ("未发现不良", "0 defects found"),
    ("三批共 600 件", "three lots, 600 pieces in total"),
    ("三批", "3 lots"),
    ("3 个工作日内", "within 3 working days"),
    ("24 小时", "24 h"),
    ("24小时", "1 day"),
    ("半小时", "30 min"),
    ("第 38 周", "week 38"),
    ("CW38 生产", "produced in calendar week 38"),
    ("输出 19.5 V / 3.34 A", "output 19.5V / 3.34A"),
    ("AC 220V 50Hz", "220 V AC, 50 Hz"),
    ("AC220V", "220 V AC"),
    ("公差 5.0±0.05 mm", "tolerance 5.0 ± 0.05 mm"),
    ("20～30 mm", "20 mm to 30 mm"),
    ("20~30毫米", "20–30 mm"),
    ("Cpk1.67", "Cpk 1.67"),
    ("IATF 16949", "IATF16949"),
    ("依据 GB/T 2828.1", "according to GB/T 2828.1"),
    ("第一班", "first shift"),
    ("两班均受影响", "both shifts are affected"),
    ("下午 5 点", "5 pm"),
    ("17 点 30 分", "17:30"),
    ("17点前", "before 5 pm"),
    ("抽检 1 件", "one piece was checked"),
    ("一个样品", "a sample"),
    ("百分之五", "5 %"),
    ("良率由 95% 提升到 99.8%", "yield rose from 95 % to 99.8 %"),
    ("线速 3 m/min", "line speed 3 m/min"),
    ("扭矩 0.6 N·m", "torque 0.6 Nm"),
    ("0.5 kgf·cm", "0.5 kgf.cm"),
    ("¥1,200", "1200 元"),
    ("12 日到货", "arrived on the 12th"),
    ("10 日内完成", "done within 10 days"),
    ("8D 报告 CC-2026-00012", "8D report CC-2026-00012"),
    ("5-Why 分析", "5-Why analysis"),
    ("B2603A～B2605C", "B2603A to B2605C"),
    ("B2603A 已隔离，B2603A 重新检验", "lot B2603A was isolated and inspected again"),
    ("3 点建议", "3 suggestions"),
    ("料号 ADP-65-EU 的焊点", "solder joint of ADP-65-EU"),
    ("双方确认", "confirmed by both sides"),
    ("25件", "twenty-five pieces"),
    ("二十五件", "25 pcs"),
    ("第三方检验", "inspected by a third party"),
    ("2026 年 3 月", "March 2026"),
    ("2026年全年", "the whole of 2026"),
    ("MES 在 300 ms 内锁定", "MES locks within 300 ms"),
    ("不良 0/1,200", "0 of 1200 NG"),
    ("Rev.3", "第 3 版"),
    ("V1.2 版", "version 1.2"),
    ("焊锡温度由 360 ℃ 改为 380 ℃，时间 3 s", "solder temperature changed from 360 °C to 380 °C, 3 seconds"),
    ("95 % 置信度下低于 0.25 %", "below 0.25 % with 95 % confidence"),
    ("2500 ppm", "0.25 %"),
    ("三天内", "within three days"),
    ("可能会导致失效", "May cause failure"),
    ("10k 欧", "10 kΩ"),
    ("5 V ± 5 %", "5 V ±5%"),
    ("尺寸 100×50×20 mm", "100 x 50 x 20 mm"),
    ("单班 8 小时、2 班", "2 shifts of 8 hours"),
    ("D3、D4 已完成", "D3 and D4 are done"),
    ("2026.3.12", "2026-03-12"),
    ("3/12", "12 March"),
    ("M3×8 螺丝", "M3x8 screw"),
    ("SN 0001–0200", "serials 0001 to 0200"),
    ("每 2 小时巡检一次", "patrol inspection every 2 hours"),
    ("1,200 件中 0 件不良", "zero defects in 1,200 pieces"),
    ("首件确认", "first-piece check"),
    ("温度 25±2℃", "25 ± 2 °C"),
    ("2 月 30 pcs", "30 pcs in February"),
)

DISAGREE = (
    ("共 1,200 件", "1,300 pcs in all"),
    ("5 V", "5 A"),
    ("B2603A", "lot B2603B"),
    ("3 月 12 日", "13 March"),
    ("2025-03-12", "2026-03-12"),
    ("两天", "3 days"),
    ("两天", "three days"),
    ("0.25 %", "0.25 ppm"),
    ("30 分钟", "30 h"),
    ("200 件", "pieces"),
    ("0.3 mm", "0.3"),
    ("三批", "two lots"),
    ("17:30", "7:30"),
    ("WI-WS-02", "WI-WS-03"),
    ("温度 85 ℃", "58 °C"),
    ("3 个工作日", "3 days"),
    ("-20 ℃", "20 °C"),
    ("中文文字", "中文文字"),
    ("the cause is a cold joint", "the cause is a cold joint"),
    ("中文文字", ""),
    ("", "the cause"),
    ("2 周", "2 days"),
    ("10 万件", "10,000 pcs"),
    ("9 月", "October"),
    ("第 38 周", "week 39"),
    ("¥1,200", "USD 1,200"),
)


@pytest.mark.parametrize(("zh", "en"), AGREE)
def test_what_states_the_same_is_not_flagged(zh: str, en: str) -> None:
    assert [message.text(Language.EN) for message in disagreements(zh, en)] == []
    assert disagreements(en, zh) == ()


@pytest.mark.parametrize(("text", "other"), DISAGREE)
def test_what_differs_is_flagged_from_either_side(text: str, other: str) -> None:
    assert disagreements(text, other)
    assert disagreements(other, text)


def test_each_side_is_told_what_stands_there_alone() -> None:
    found = disagreements("批次 B2603A 共 1,200 件，3 月 12 日起", "Lot B2603A, 1,300 pcs, from 13 March")
    assert [message.code for message in found] == [ONLY_HERE.code, ONLY_THERE.code]
    assert found[0].text(Language.EN) == "Only in the text: 1,200 · 3 月 12 日"
    assert found[1].text(Language.ZH) == "只在另一种语言中：1,300 · 13 March"


def test_many_facts_are_cut_short() -> None:
    text = "检查 " + "、".join(f"{number} V" for number in range(11, 31))
    found = disagreements(text, "Checked")
    assert found[0].text(Language.EN).endswith("18 V …")


def test_nothing_is_said_of_empty_texts_and_of_marks_that_are_alike_in_both() -> None:
    assert disagreements("", " ") == ()
    for mark in ("B2603A", "OK", "PFMEA", "Zhang Wei", "1,200"):
        assert disagreements(mark, mark) == ()
        assert disagreements(mark, "") == ()


def test_a_missing_or_copied_translation_is_named() -> None:
    assert disagreements("焊接温度过低", "") == (MISSING.say(),)
    assert disagreements("焊接温度过低", "焊接温度过低 ") == (SAME.say(),)


_TEXTS = st.lists(
    st.one_of(
        st.sampled_from([text for pair in (*AGREE, *DISAGREE) for text in pair]),
        st.text("一二三十百千万第半个件天月日年点时分周%℃-~/:., 0123456789ABkVxmhs", max_size=12),
    ),
    max_size=4,
).map(" ".join)


@given(_TEXTS)
def test_a_text_states_what_it_states(text: str) -> None:
    """A trailing mark makes the two texts unlike without stating anything more."""
    assert all(message.code == MISSING.code for message in disagreements(text, text + " ;"))
    assert all(fact.keys for fact in facts(text))


@given(_TEXTS, _TEXTS)
def test_either_side_may_be_the_translation(one: str, other: str) -> None:
    forwards = {message.code for message in disagreements(one, other)}
    swapped = {ONLY_HERE.code: ONLY_THERE.code, ONLY_THERE.code: ONLY_HERE.code}
    assert {swapped.get(code, code) for code in forwards} == {
        message.code for message in disagreements(other, one)
    }


@given(st.integers(1, 99_999), st.integers(1, 99_999), st.sampled_from(["V", "mm", "h", "%", "pcs"]))
def test_a_changed_number_never_passes(number: int, other: int, unit: str) -> None:
    found = disagreements(f"实测 {number:,} {unit} 于批次", f"measured {other} {unit} in lot")
    assert bool(found) is (number != other)

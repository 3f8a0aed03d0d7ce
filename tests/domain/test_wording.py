"""The wording guard: what it must find, and what it must leave alone."""

import pytest

from eightd.domain.correspondence import WordingKind
from eightd.domain.wording import findings, folded, own_rule
from eightd.domain.wording_rules import SHIPPED
from eightd.domain.words import Language

LIABILITY, EMPTY, OWN = WordingKind

BAD = (
    # admissions, in Chinese
    (LIABILITY, "此次事故我司承担全部责任。", "承担全部责任"),
    (LIABILITY, "我司将负完全责任。", "负完全责任"),
    (LIABILITY, "我方愿承担由此产生的一切损失。", "承担由此产生的一切损失"),
    (LIABILITY, "由于我司疏忽，不良品流出。", "我司疏忽"),
    (LIABILITY, "因我司检验人员失误导致漏检。", "我司检验人员失误"),
    (LIABILITY, "是我们的错，请谅解。", "是我们的错"),
    (LIABILITY, "该不良属于我司责任。", "属于我司责任"),
    (LIABILITY, "这完全是我们的问题。", "完全是我们的问题"),
    (LIABILITY, "作业员疏忽大意造成混料。", "作业员疏忽"),
    (LIABILITY, "我司保证此类问题绝不再发生。", "保证此类问题绝不再发生"),
    (LIABILITY, "类似问题永不再发生。", "永不再发生"),
    (LIABILITY, "彻底杜绝混料现象。", "彻底杜绝"),
    (LIABILITY, "１００％保证无不良。", "１００％保证"),
    (LIABILITY, "我司愿意赔偿贵司的一切损失。", "愿意赔偿贵司的一切损失"),
    (LIABILITY, "我司已违反供货协议的约定。", "我司已违反供货协议"),
    (LIABILITY, "我司产品存在严重缺陷。", "我司产品存在严重缺陷"),
    (LIABILITY, "我司无条件接受贵司处罚。", "无条件接受"),
    # admissions, in English
    (LIABILITY, "We accept full liability for this incident.", "accept full liability"),
    (LIABILITY, "We hereby assume all responsibility.", "assume all responsibility"),
    (LIABILITY, "We admit our fault.", "admit our fault"),
    (LIABILITY, "It was our mistake.", "our mistake"),
    (LIABILITY, "We are fully responsible for the damage.", "We are fully responsible"),
    (LIABILITY, "This is due to our negligence.", "our negligence"),
    (LIABILITY, "The cause is human carelessness.", "human carelessness"),
    (LIABILITY, "We guarantee this will never happen again.", "guarantee this will never happen"),
    (LIABILITY, "We will ensure that it does not recur.", "ensure that it does not recur"),
    (LIABILITY, "We will compensate you for all losses.", "We will compensate you for all losses"),
    (LIABILITY, "We have breached the supply contract.", "We have breached the supply contract"),
    (LIABILITY, "Our products are defective.", "Our products are defective"),
    (LIABILITY, "We unconditionally accept your claim.", "unconditionally accept"),
    (LIABILITY, "现承认我方过失。", "承认我方过失"),
    (LIABILITY, "It shall never happen again.", "never happen again"),
    # phrases that say nothing, in Chinese
    (EMPTY, "“加强管理”是今后的方向。", "加强管理"),  # quoted, but nobody's words
    (EMPTY, "后续将加强管理。", "加强管理"),
    (EMPTY, "加强对作业员的培训。", "加强对作业员的培训"),
    (EMPTY, "提高员工的质量意识。", "提高员工的质量意识"),
    (EMPTY, "我司对此高度重视。", "高度重视"),
    (EMPTY, "要求检验员严格把关。", "严格把关"),
    (EMPTY, "我司将尽快提交报告。", "尽快提交"),
    (EMPTY, "举一反三，引以为戒。", "举一反三"),
    (EMPTY, "已对相关人员进行教育。", "对相关人员进行教育"),
    (EMPTY, "我司将持续改善。", "持续改善"),
    (EMPTY, "8D：D5 加强巡检。", "加强巡检"),  # the number of the form is no fact
    (EMPTY, "1. 加强管理", "加强管理"),  # nor is that of the list
    # and in English
    (EMPTY, "Operators will pay more attention.", "pay more attention"),
    (EMPTY, "We will strengthen the incoming inspection.", "strengthen the incoming inspection"),
    (EMPTY, "Improve the quality awareness of the staff.", "Improve the quality awareness"),
    (EMPTY, "We attach great importance to your complaint.", "attach great importance"),
    (EMPTY, "The operators were retrained.", "operators were retrained"),
    (EMPTY, "We will answer as soon as possible.", "as soon as possible"),
    (EMPTY, "We do our best.", "do our best"),
    (EMPTY, "The process is closely monitored.", "closely monitored"),
)

GOOD = (
    # the facts, in Chinese
    "经分析，原因为预热 3 区发热管规格错误，板面预热不足（84 °C）。",
    "我司将于 2026-03-16 前更换受影响的 187 件产品。",
    "2026-03-20 前对 12 名作业员加强培训并考核合格。",
    "加强培训：12 人，3 月 20 日完成，考核合格率 100 %。",
    "首检频次由每班 1 次提高到每 2 小时 1 次。",
    "提高预热温度后复测 500 件，0 不良。",
    "尽快寄出样品，收到后即开始分析。",
    "请尽快寄出不良样品。",
    "该批次存在外观缺陷 3 件。",
    "责任人：品质部；完成日期：2026-03-27。",
    "本次不良由供应商来料引起，已要求其提交 8D。",
    "因测试治具磨损，检测力不足导致流出。",
    "为防止再发生，已在治具上增加防呆销。",
    "三天内完成库存全检并严格执行首件确认。",
    "已严格按照 WI-WS-02 第 07 版作业。",
    # denied, asked, reported
    "我司不承担全部责任。",
    "这不是我们的错。",
    "目前尚不能认定我司责任。",
    "非我司疏忽所致。",
    "本回复不意味着我司承担全部责任。",
    "贵司要求我司承担全部责任，我司正在评估。",
    "是否属于我司责任，待样品分析后确定。",
    "如属于我司责任，我司按协议处理。",
    # the customer's own words
    "贵司来函称“由于供应商疏忽，应承担全部责任”，我司已收悉。",
    "客户描述：「请加强管理，保证绝不再发生」。",
    "“你们要承担全部责任”，贵司在邮件中写道。",
    # the facts, in English
    "The cause found is a heating element of the wrong rating.",
    "We replace the 187 affected pieces by 16 March 2026.",
    "Inspection was tightened from AQL 0.65 to 0.40 on 14 March.",
    "Twelve operators were trained and tested on WI-WS-02 rev 07.",
    "Twelve operators were trained on the new fixture and all passed the test.",
    "To ensure that this does not recur, the fixture now blocks a wrong part.",
    "The responsible department is production engineering.",
    "The sample was received on 14 March and is being analysed.",
    "Please send the samples at your convenience.",
    "Attention: Ms Lin, incoming inspection.",
    "The liability insurance certificate is attached.",
    "The full report follows by 25 March, 17:30.",
    "We closely monitor the first 3 lots: 15 000 pieces, 0 NG so far.",
    # denied, asked, reported
    "We do not accept full liability.",
    "This is not our fault.",
    "This reply does not constitute an admission that we accept liability.",
    "We cannot guarantee that this never happens.",
    "You asked whether we accept full liability.",
    'In your mail you wrote: "it was our negligence and you pay for all losses".',
)


@pytest.mark.parametrize(("kind", "sentence", "text"), BAD)
def test_what_it_must_find(kind, sentence, text):
    found = findings(f"您好，\n\n{sentence}\n", SHIPPED)
    assert [(one.kind, one.text) for one in found if one.text == text] == [(kind, text)], found
    (one,) = (one for one in found if one.text == text)
    assert one.line(f"您好，\n\n{sentence}\n") == 3


@pytest.mark.parametrize("sentence", GOOD)
def test_what_it_must_leave_alone(sentence):
    assert findings(sentence, SHIPPED) == ()


def test_every_rule_has_its_sentence():
    """So that no rule is there that nothing proves, and each says why and what instead, in both languages."""
    found = {one.id.partition(":")[0] for _, sentence, _ in BAD for one in findings(sentence, SHIPPED)}
    assert found == {rule.name for rule in SHIPPED}
    for rule in SHIPPED:
        for language in Language:
            assert rule.why.say().text(language)
            assert rule.instead.text(language)


def test_places_and_names_are_those_of_the_text():
    text = "我司承担全部责任。\n加强管理，加强管理。\nWe ACCEPT Full Liability."
    found = findings(text, SHIPPED)
    assert [one.id for one in found] == [
        "liability.zh.full:1",
        "empty.zh.strengthen:1",
        "empty.zh.strengthen:2",
        "liability.en.full:1",
    ]
    assert all(text[one.start : one.end] == one.text for one in found)
    assert [one.line(text) for one in found] == [1, 2, 2, 3]


def test_of_two_that_overlap_the_first_is_told():
    found = findings("We guarantee this will never happen again", SHIPPED)
    assert [one.id for one in found] == ["liability.en.guarantee:1"]


def test_the_plants_own_phrases_are_plain_words():
    rules = (
        own_rule(1, OWN, " best  efforts ", "name the action"),
        own_rule(2, LIABILITY, "有限公司保证", ""),
        own_rule(3, OWN, "a.b", ""),
        own_rule(4, OWN, "保修 12 个月", ""),
    )
    found = findings(
        "BEST\nＥＦＦＯＲＴＳ; the bestefforts; 有限公司保证; a.b axb xa.b; 保修  12 个月", rules
    )
    assert [(one.id, one.kind, one.text) for one in found] == [
        ("own.1:1", OWN, "BEST\nＥＦＦＯＲＴＳ"),
        ("own.2:1", LIABILITY, "有限公司保证"),
        ("own.3:1", OWN, "a.b"),
        ("own.4:1", OWN, "保修  12 个月"),
    ]
    assert found[0].instead.text(Language.EN) == "name the action"
    assert found[1].instead.text(Language.EN) == "Please word it differently"
    assert findings("not our best efforts: 3 of 4", rules)  # neither a denial nor a fact spares an own rule
    with pytest.raises(ValueError, match="not empty"):
        own_rule(5, OWN, " ", "")


def test_folding_keeps_every_character_in_its_place():
    text = "Ｆull 宽 ﬁ ㎜ ’ \u3000 İ ß"
    assert len(folded(text)) == len(text)
    assert folded("Ｆ１％’") == "f1%'"

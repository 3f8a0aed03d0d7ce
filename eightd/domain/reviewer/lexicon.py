"""The words that the reviewer goes by in both languages: people, faults, mechanisms, changes that hold, training.

Every list errs towards silence: a word that may name something technical acquits the sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from eightd.domain.wording import folded

HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[a-z][a-z'-]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PERSON_ZH = (
    r"(?:作业员|操作员|操作者|操作工|作业者|员工|检验员|检查员|工人|作业人员|操作人员|检验人员|技术员"
    r"|包装员|新人|新员工"
    r"|人员|人为|班组长|生产线人员)"
)
_FAULT_ZH = (
    r"(?:疏忽|疏漏|大意|粗心|马虎|失误|失职|责任心|意识(?:不足|淡薄|不强|差|薄弱|不够|欠缺)|(?:质量"
    r"|品质)意识|不认真|不仔细|未认真|未仔细"
    r"|误操作|操作不当|作业不当|操作失误|漏检|漏看|漏装|漏放|装错|放错|拿错|忘记|遗漏|不熟练|技能不足"
    r"|经验不足|不到位|不规范|违规|违章"
    r"|(?:未|没有?|不)(?:严格)?(?:按|按照|遵守|执行)(?:照)?.{0,12}?(?:操作|作业|检验|检查|执行|锁附"
    r"|要求|规定|标准|指导书|sop|wi)"
    r"|错误|不良习惯|不负责)"
)
_ALONE_ZH = (
    r"(?:责任心(?:不强|不足|差|不够)|(?:质量|品质)?意识(?:淡薄|不强|不足|薄弱|差)|粗心大意|工作疏忽"
    r"|人为(?:疏忽|失误|因素|错误|原因|操作|误操作))"
)
_BLAME_ZH = re.compile(
    rf"{_PERSON_ZH}.{{0,14}}?{_FAULT_ZH}|{_ALONE_ZH}|(?:疏忽|粗心|大意|马虎).{{0,8}}?{_PERSON_ZH}?$"
)
_PERSON_EN = (
    r"(?:operators?|workers?|inspectors?|employees?|staff|personnel|technicians?|assemblers?|packers?"
    r"|human|newcomers?"
    r"|trainees?|people|person|man)(?:'s?|s')?"
)
_FAULT_EN = (
    r"(?:errors?|mistakes?|mistakenly|careless(?:ly|ness)?|negligen(?:t|ce)|forgot(?:ten)?|forgets"
    r"|inattenti(?:on|ve)|oversight|overlooked"
    r"|missed|misjudge[ds]?|misjudgement|fatigue|poor workmanship|(?:in)?sufficient attention"
    r"|(?:lack(?:s|ed|ing)?(?: of)?|insufficient|poor|weak|low) (?:[a-z]+ )?(?:attention|awareness"
    r"|responsibility|skills?|experience"
    r"|training|discipline|care)|not (?:careful|attentive|paying attention|(?:properly "
    r"|sufficiently )?trained|aware)"
    r"|(?:did|does|do) not (?:[a-z]+ )?(?:follow|comply|pay attention|obey|observe|notice)"
    r"|didn't (?:[a-z]+ )?(?:follow|notice)|not follow(?:ing|ed)?|fail(?:ed|ure"
    r"|s)? to (?:[a-z]+ )?(?:follow|notice|detect|observe|comply|check))"
)
_BLAME_EN = re.compile(
    rf"\b{_PERSON_EN}\b[^.;]{{0,50}}?\b{_FAULT_EN}\b|\b{_FAULT_EN}\b[^.;]{{0,20}}?\b(?:by|of"
    rf"|from) (?:the |an? |our |one )?(?:[a-z]+ )?{_PERSON_EN}\b"
    rf"|\bhuman (?:error|factor|mistake)s?\b"
)

_MECHANISM_ZH = re.compile(
    r"治具|夹具|工装|防呆|防错|互锁|联锁|报警|传感|感应|设备(?!部)|机台|模具|刀具|吸嘴|炉温|参数|程序"
    r"|程式|软件|系统(?!性)|扫码|条码"
    r"|(?:未|没有?|无|缺(?:少)?|不)(?:明确|规定|定义|标注|标识|图示|注明|区分|包含|要求|设置|设定"
    r"|安装|写明|列入|识别|评审|更新|培训计划)"
    r"|(?:作业指导书|指导书|sop|wi[\w-]*|规范|标准|图纸|检验标准|检查表|清单|文件|流程"
    r"|控制计划)[^,，。;；]{0,8}?(?:未|没有?|无|缺|仅|只|为|仍|不|与|冲突|版本|旧)"
    r"|(?:无|没有|缺少?|未设|未装)[^,，。;；]{0,8}?(?:限位|定位|检测|标识|目视|样件|样品|量具|检具"
    r"|隔板|隔离|确认|计数|提示|颜色|标签|照明|复核|机制|装置|首件)"
    r"|照度|光线|照明|节拍|产能|加班|疲劳(?=[^,，]{0,6}(?:排班|连续|小时))|相似|外形相近|外观相同"
    r"|外观相近|对称|相邻|混放|同一料架|料架|视距|距离|间隙|尺寸"
    r"|温度|压力|扭矩|电批|振动|静电|湿度|焊|毛刺|磨损|松动|偏移|变形|公差|可装反|可反装|可互换|共用"
    r"|轮班|换型|换线|变更"
)
_MECHANISM_EN = re.compile(
    r"\b(?:fixtures?|jigs?|poka[- ]?yoke|error[- ]proof\w*|mistake[- ]proof\w*|interlocks?|sensors?"
    r"|alarms?|drawings?|programs?|programmes?|software"
    r"|parameters?|settings?|gauges?|gages?|tool(?:s|ing)?|moulds?|molds?|die|barcodes?|scann?(?:er"
    r"|ing)|identical|look[- ]?alike|similar"
    r"|symmetric\w*|lighting|lux|distance|cycle time|takt|torque|temperature|pressure|screwdriver"
    r"|burrs?|wear|worn|clearance|tolerances?|adjacent"
    r"|same (?:rack|tray|bin|bench|line)|labels?|racks?|change[- ]?over|shift rota|checklist"
    r"|reference (?:sample|part)|limit sample"
    r"|(?:instruction|wi[\w-]*|sop|standard|procedure|control plan"
    r"|specification)s? (?:\S+ ){0,3}?(?:does not|do not|did not|has no|have no|had no|shows?|lacks?"
    r"|is missing|was missing|was not|is not|were not|allows?|contradicts?|only|still|differs?)"
    r"|not (?:defined|specified|shown|described|marked|separated|identified|interlocked|detected by)"
    r"|(?:can|could) be (?:inserted|assembled|mounted|mixed"
    r"|swapped|fitted|reversed|interchanged)|(?:no|without|missing) (?:\w+ ){0,2}?(?:stop|guide|pin"
    r"|check|marking|mark|limit|gauge|sensor|interlock|fixture"
    r"|sample|counter|camera|signal|step|confirmation|verification|release))\b"
)


@lru_cache(maxsize=4096)
def blame(text: str) -> bool:
    """Return whether the text blames a person and names nothing that made the mistake possible."""
    plain = _plain(text)
    if _MECHANISM_ZH.search(plain) or _MECHANISM_EN.search(plain):
        return False
    return bool(_BLAME_ZH.search(plain) or _BLAME_EN.search(plain))


# ---------------------------------------------------------------- a cause that says nothing

_GENERIC_ZH = re.compile(
    r"来料|材料|物料|原材料|原料|供应商|供方|外购件|制程|工艺|过程|工序|生产|制造|设备|机器|机台|人员"
    r"|作业|操作|管理|管控|控制|监控|检验|检查|测试|品质|质量"
    r"|产品|零件|部品|批次|个别|部分|偶发|不良|异常|问题|缺陷|不合格|不到位|不足|不严|不当|不善|不够"
    r"|不稳定|不稳|失控|波动|变异|导致|造成|引起|引发|产生|发生|原因|由于|出现"
    r"|存在|我司|我方|公司|工厂|车间|产线|内部|环节|执行|落实|监督|漏检|未能|未及时|未有效|未|及时"
    r"|发现|检出|没有|没|流出|流入|有效|相关|方面|影响|综合|因素|其他|不明|未知|待查|待定"
    r"|做好|好|有|的|了|在|与|和|因|及|到|是|为|将|较|差|严|力|强|对"
)
_GENERIC_EN = _words(
    """
    a an the of in on at to by from for and or with during due because caused cause causes was were is
    are be been has have had not no our some process processes production manufacturing supplier
    suppliers material materials incoming raw part parts product products quality problem problems issue
    issues abnormal abnormality abnormalities defect defects defective defectiveness bad poor unstable
    instability variation fluctuation control controls controlled management inspection inspections
    inspected check checks checking test testing tested machine machines equipment operation operations
    insufficient inadequate improper weak weakness lack wrong failure fail failed failing failures fault
    faulty nonconforming nonconformity nonconformance detected detect detection found find missed
    escaped escape leakage outflow batch lot root unknown other others reason reasons factor factors
    general human internal environment method mistake error errors occasional individual accidental
    random unclear under investigation tbd tbc we it its this that which so did do does happened happen
    occurred occur occurrence not found well enough good proper properly strict strictly system systemic
    execution implementation monitoring supervision place
    """
)
_NUMBERING = re.compile(r"^\W*\d{1,2}[.)、]")


def is_generic(text: str) -> bool:
    """Return whether nothing is left of the text once the words that fit every case are taken out."""
    plain = _NUMBERING.sub("", _plain(text))
    if re.search(r"\d", plain):
        return False
    if HAN.search(plain):
        return len(HAN.findall(_GENERIC_ZH.sub("", plain))) < 2 and not WORD.search(plain)
    return all(word in _GENERIC_EN for word in WORD.findall(plain))


_OPINION_ZH = re.compile(
    r"已|经|由|过|小组|团队|工程师|讨论|分析|确认|验证|判断|判定|经验|推断|推测|估计|认为|会议|评审"
    r"|头脑风暴|现场|相关|人员|完成|结果|属实|一致|无误|有效|后|进行|了|的|可|能|是|为|我|们|通|方法"
)
_OPINION_EN = _words(
    """
    a an the by with of in and was were is are has have been be it this that we our team group engineer
    engineers engineering discussion discussed brainstorming confirmed confirm verified verification
    verify analysis analysed analyzed experience judged judgement judgment meeting agreed reviewed
    review done ok yes checked checked true correct on site based expert experts assumed believed
    considered result results effective already completed properly
    """
)


def is_opinion(text: str) -> bool:
    """Return whether a proof says only that somebody confirmed it."""
    plain = _plain(text)
    if re.search(r"\d", plain):
        return False
    if HAN.search(plain):
        return len(HAN.findall(_OPINION_ZH.sub("", plain))) < 2 and all(
            word in _OPINION_EN for word in WORD.findall(plain)
        )
    return all(word in _OPINION_EN for word in WORD.findall(plain))


# ---------------------------------------------------------------- actions

_SOFT_ZH = re.compile(
    r"(?:增加|加强|强化|加大|进行|开展|组织|安排|实施|重新|定期|完善|落实|做好|提高|提升|增强|并|再"
    r"|予以|给予|完成|重点)*"
    r"(?:(?!加强筋|更换|修|订|改|换|增设|加装|安装|调整|优化|取消|治具|夹具|设备|模具|程序"
    r"|参数)[^,，。;；、\n]){0,16}?"
    r"(?:再?培训|再?教育|宣导|宣贯|考核|意识|责任心|警惕|管理|管控|监督|监管|巡检|稽核力度|强调|提醒"
    r"|告诫|处罚|批评|警告|通报|纪律|口头|早会|班前会|教导|技能)"
    r"(?:频次|频率|力度|计划|次数|记录|工作|会|水平|合格|签到|教育|培训|和|与|及|并|、|考核)*"
)
_SOFT_EN = re.compile(
    r"\b(?:re-?train(?:ed|ing|s)?|train(?:ed|ing|s)?|awareness|remind(?:ed|ing|s|er)?|educat(?:e|ed"
    r"|ing|ion)|instructed|warned|punished|coached|coaching"
    r"|toolbox talks?|morning meetings?|briefed|briefing|emphasi[sz]ed?|pay (?:more )?attention"
    r"|more careful|discipline"
    r"|(?:strengthen|reinforce|improve|enhance|increase|tighten)(?:ed|ing|s|e)? (?:the "
    r"|our )?(?:[a-z]+ ){0,2}?(?:management|supervision|awareness|control|controls|discipline"
    r"|monitoring|training))\b"
)
_HARD = re.compile(
    r"更换|改为|改成|改用|改造|换成|换用|换回|换新|增加(?!.{0,8}(?:培训|频次|管理|监督|意识|考核))"
    r"|加装|增设|安装|修订|修改|修正|更新|重新设计|设计|治具|夹具|工装|模具|模仁|刀具|检具|量具|传感"
    r"|感应|防呆|防错"
    r"|互锁|联锁|自动|机械手|(?<![a-z])(?:aoi|ccd|x-?ray|spi|ict|mes|spc|cpk)(?![a-z])|扫码|条码|程序"
    r"|程式|参数|图纸|变更|建立|新增"
    r"|锁定|取消|分开|分离|隔离|区分|标识|标签|报警|限位|定位|调整|优化"
    r"|导入|采用|升级|清洗|维修|修复|去毛刺|倒角|加严|全检|抽检|复测|测试|切换|替代|停用|校准|点检"
    r"|保养|寿命|扭矩|温度|压力|电批|上限|下限|复核"
    r"|\b(?:replac\w*|install\w*|add(?:ed|s|ing)?|modif\w*|redesign\w*|design\w*|change[ds]?|changing"
    r"|revis\w*|updat\w*|fixtures?|jigs?|poka[- ]?yoke|sensors?|interlocks?"
    r"|automat\w*|camera|vision|gauges?|gages?|tool(?:s|ing)?|moulds?|molds?|scann?\w*|barcodes?"
    r"|program\w*|parameters?|drawings?|lock(?:ed|s)?|separat\w*|segregat\w*"
    r"|labels?|alarms?|stops?|guides?|pins?|adjust\w*|calibrat\w*|maintenance|torque|temperature"
    r"|pressure|limit\w*|test(?:s|ed|ing|er)?|switch\w*|introduc\w*"
    r"|eliminat\w*|remov\w*|deburr\w*|clean\w*|repair\w*|mes|spc|cpk|aoi|reinforc\w* (?:rib|plate)"
    r"|closed-loop|rail|unit)\b"
)
_PAPER = re.compile(
    r"规定|制定|定义|清单|流程|\b(?:check(?:s|ed|ing|list)?|inspect(?!or)\w*|supplier|process|procedure)\b"
)
_LOOKING = re.compile(
    r"(?:增加|加严|加强|实施|执行|进行|改为|提高|扩大)?[^,，。;；]{0,8}?(?:全检|100 ?% ?(?:检查|检验"
    r"|目检)|抽检(?:数量|比例|频次)?|目检|目视检查|出货检验|外观检验|人工检查|巡检)"
    r"|\b(?:100 ?% (?:visual )?(?:inspection|check|sorting|checks)|(?:additional|more|extra|increased"
    r"|tightened|stricter) (?:[a-z]+ )?(?:inspection|checks?|sampling)"
    r"|visual (?:inspection|checks?)|double[- ]check\w*|sort(?:ing|ed)? (?:by hand|all))\b"
)
_HARD_BEYOND_LOOKING = re.compile(
    r"更换|改用|改造|换成|换用|加装|安装|修改|设计|治具|夹具|工装|模具|检具|传感|防呆|防错|互锁|自动"
    r"|aoi|ccd|程序|参数|图纸|变更|限位|定位|调整|优化|取消|倒角|去毛刺"
    r"|\b(?:replac\w*|install\w*|modif\w*|redesign\w*|chang\w*|revis\w*|fixtures?|jigs?|poka[- ]?yoke"
    r"|sensors?|interlocks?|automat\w*|camera|vision|tool(?:s|ing)?|moulds?|molds?"
    r"|program\w*|parameters?|drawings?|lock(?:ed|s)?|separat\w*|alarms?|stops?|guides?|adjust\w*"
    r"|eliminat\w*|remov\w*|deburr\w*|repair\w*|design\w*)\b"
)


@lru_cache(maxsize=4096)
def is_soft(text: str) -> bool:
    """Return whether an action is training, awareness or management and nothing besides."""
    plain = _plain(text)
    rest = _SOFT_EN.sub(" ", _SOFT_ZH.sub(" ", plain))
    return rest != plain and not _HARD.search(rest) and not _PAPER.search(rest)


@lru_cache(maxsize=4096)
def is_only_looking(text: str) -> bool:
    """Return whether an action is one more look at the parts and nothing besides."""
    plain = _plain(text)
    return bool(_LOOKING.search(plain)) and not _HARD_BEYOND_LOOKING.search(plain)


def is_concrete(text: str) -> bool:
    """Return whether the words name a change that holds by itself, apart from what is strengthened."""
    plain = _plain(text)
    return bool(_HARD.search(_SOFT_EN.sub(" ", _SOFT_ZH.sub(" ", plain))))


_NOTHING = re.compile(
    r"(?:无|没有|暂无|不需要?|无需|不适用|不涉及|不用|同上|略|否|待定|n\s*/?\s*a|none|no"
    r"|not (?:needed|applicable|required|necessary|relevant)|nil|tbd|tbc|[-–—/\\.。]+)"
    r"[.。!！]?"
)


def is_nothing(text: str) -> bool:
    """Return whether the text is a mere "none" without a reason, or blank."""
    plain = _plain(text)
    return not plain or bool(_NOTHING.fullmatch(plain))


# ---------------------------------------------------------------- likeness

_FILLER_ZH = re.compile(
    r"的|了|是|在|有|出现|发生|存在|产生|现象|不良|问题|异常|导致|造成|由于|因为|因|被|客户|产品|处|该|此"
)
_FILLER_EN = _words(
    """
    the a an of in on at to is are was were be been has have had by with and or it its this that there
    due because caused product part parts customer defect defective problem issue
    """
)


@lru_cache(maxsize=4096)
def shingles(text: str) -> frozenset[str]:
    """Return what the text is made of: pairs of Chinese characters, and words and numbers of Latin letters."""
    plain = _FILLER_ZH.sub("", _plain(text))
    found = {word for word in re.findall(r"[a-z0-9][a-z0-9.%-]*", plain) if word not in _FILLER_EN}
    for run in re.findall(r"[\u4e00-\u9fff]+", plain):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
        if len(run) == 1:
            found.add(run)
    return frozenset(found)


def alike(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1; 0 where one of them says nothing."""
    left, right = shingles(one), shingles(other)
    both = left | right
    return len(left & right) / len(both) if left and right else 0.0


def covered(one: str, by: str) -> float:
    """Return which share of the one text stands in the other too."""
    left = shingles(one)
    return len(left & shingles(by)) / len(left) if left else 0.0


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(folded(text).split())


_SATISFIED_ZH = re.compile(
    r"已|改善|有效|良好|正常|明显|大幅|显著|达标|合格|满足|要求|稳定|效果|好|可以|没有?问题|未再?发生"
    r"|不再发生|消除|结果|后|了|的|提升|提高"
)
_SATISFIED_EN = _words(
    """
    ok okay good improved improvement effective effectively significantly normal stable fine no problem
    problems issue issues more any result results is are was were has been much better the very solved
    resolved closed satisfactory acceptable pass passed effectiveness confirmed after
    """
)


def is_satisfied(text: str) -> bool:
    """Return whether a result is praised instead of given; blank texts are not."""
    plain = _plain(text)
    if not plain or re.search(r"\d", plain):
        return False
    if HAN.search(plain):
        return len(HAN.findall(_SATISFIED_ZH.sub("", plain))) < 2
    words = WORD.findall(plain)
    return bool(words) and all(word in _SATISFIED_EN for word in words)

"""Packs for tests: the shipped one with rules of other systems beside its own, as files."""

from pathlib import Path

from shared.policy import loader

SHIPPED = (Path(loader.__file__).parent / "packs" / "guangzhou.toml").read_text(encoding="utf-8")

WUHAN_AND_HUBEI = """
[[hours]]
kind = "delivered_hours"
id = "WH-09.2"
clause = "二(三)3"
words = "市级非集中培训由组织单位登记,市继教中心认定"
title = "City training that is not concentrated"
title_zh = "市级非集中培训"
category = "professional"
registrars = ["research_department"]
through = "declaration"
reviewers = ["centre@city"]

[[hours]]
kind = "delivered_hours"
id = "WH-09.3"
clause = "二(三)4"
words = "区级非集中培训和校本培训由学校登记,区继教机构认定"
title = "District training that is not concentrated, and school-based training"
title_zh = "区级非集中培训、校本培训"
category = "professional"
registrars = ["school"]
through = "declaration"
reviewers = ["centre@district"]

[[hours]]
kind = "delivered_hours"
id = "HB-02.3"
clause = "第三条"
words = "县(市、区)级中小学教师继续教育中心负责本级教师培训学时登记"
title = "Training run by the county"
title_zh = "县级培训"
category = "professional"
registrars = ["centre"]
through = "declaration"

[[hours]]
kind = "completed_course"
id = "HB-02.4"
clause = "第三条"
words = "中小学校负责本校组织的教师培训活动及远程网络培训学时登记"
title = "Online training, registered by the school"
title_zh = "远程网络培训"
category = "professional"
registrars = ["school"]
through = "completion"

[[hours]]
kind = "degree_study"
id = "HB-03.4"
clause = "第四条4"
words = "幼儿园教师参加专科及以上学历教育,小学教师参加本科及以上学历教育,中学教师参加研究生学历教育"
title = "Study towards a higher degree"
title_zh = "提高学历层次"
category = "professional"
registrars = ["teacher"]
through = "declaration"
reviewers = ["school", "centre"]
degrees = ["专科", "本科", "研究生"]
floors = { "幼儿园" = "专科", "小学" = "本科", "初中" = "研究生", "高中" = "研究生" }
"""
"""Clauses in our words where the text has more than the rule needs; ids as in the catalogue of the domain."""

WUHAN_CLASSES = """
[[hours]]
kind = "delivered_hours"
id = "WH-08.1"
clause = "二(一)1-2"
words = "开班前一个月……将培训工作实施方案报送市教育局教师工作处审定"
title = "Training of city and district"
title_zh = "市级、区级培训"
category = "professional"
registrars = ["centre", "research_department"]
through = "class"
lead_months = 1

[hours.classes]
approvers = ["centre@city"]
formats = ["concentrated", "other"]

[[hours.classes.approvals]]
level = "city"
format = "concentrated"
approvers = ["city"]

[[hours.classes.approvals]]
level = "district"
format = "other"
approvers = ["centre@district"]

[[hours]]
kind = "delivered_hours"
id = "WH-09.1"
clause = "二(三)4"
words = "市级非集中培训活动,学分登记由培训承办单位考核登记学分,加盖公章,市中小学师资培训中心审核认可"
title = "City training that is not concentrated"
title_zh = "市级非集中培训"
category = "professional"
registrars = ["research_department"]
through = "class"
reviewers = ["centre@city"]

[hours.classes]
approvers = ["centre@city"]
formats = ["other"]
"""

HUBEI_CLASSES = """
[[hours]]
kind = "delivered_hours"
id = "HB-02.1"
clause = "第三条"
words = "省本级集中培训学时登记工作……市(州)……负责本级教师培训学时登记"
title = "Concentrated training of province and city"
title_zh = "省本级集中培训、市级培训"
category = "professional"
registrars = ["city", "education"]
through = "class"

[hours.classes]
approvers = ["education"]
formats = ["concentrated"]
"""


def pack_file(folder: Path, more: str) -> str:
    """The shipped pack and more rules, as a file; its path."""
    file = folder / "pack.toml"
    file.write_text(SHIPPED + more, encoding="utf-8")
    return str(file)

"""Obligations for tests, beside the rules of the city: its shipped text has none. Figures are of no city."""

OBLIGATIONS = """
[[obligations]]
kind = "new_teacher_training"
id = "NAT-01"
clause = "教育部令第7号 第九条"
words = "……"
title = "Training of new teachers"
title_zh = "新任教师培训"
binding = true
months = 12
minima = { professional = 80 }
total = 120
sources = ["GZ-HR-2.02", "GZ-HR-1.01"]

[[obligations]]
kind = "topic_coverage"
id = "JX-05"
clause = "四(二)"
words = "培训周期内要将“师德师风”、“班级管理”、“心理健康教育”等纳入必修内容。"
title = "Topics of the cycle"
title_zh = "周期必修内容"
binding = true
years = 5
first = 2021
topics = [
    { id = "ethics", name = "teachers' ethics", name_zh = "师德师风" },
    { id = "class_management", name = "leading a class", name_zh = "班级管理" },
    { id = "mental_health", name = "mental health", name_zh = "心理健康教育" },
]

"""

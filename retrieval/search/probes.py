"""What people search for: a hundred everyday queries to tune and to measure an index with.

Every other one decides how far the index looks; of the rest, half shape it and half judge it.
"""

from __future__ import annotations

ENGLISH = """
a dog running on the beach|birthday cake with candles|red car|mountains covered in snow
two children playing football|a receipt from a restaurant|sunset over the sea|my cat asleep
handwritten notes|a bride and groom|people dancing at night|a bowl of noodles|old stone bridge
an aeroplane on the runway|screenshot of an error message|flowers in a vase|a map of the city
man riding a bicycle|a baby laughing|the Eiffel tower|fireworks|a whiteboard full of diagrams
a boat on a lake|concert with a crowd|tickets and passports|a horse jumping over a fence
kitchen with a wooden table|woman in a green coat|a bird on a branch|train station at dusk
what was said about the budget|recipe for bread|how the heart works|contract with the landlord
an interview about music|the history of Rome|instructions for the washing machine|quarterly report
a lecture on black holes|a poem about winter|the phone number of the dentist|holiday plans
grandmother telling a story|a swimming pool|empty street in the rain|a plate of sushi
camping tent under the stars|graffiti on a wall|a laptop on a desk|school photograph
"""

CHINESE = """
海边奔跑的狗|生日蛋糕和蜡烛|红色汽车|雪山|两个孩子在踢足球|餐馆的收据|海上日落|睡着的猫|手写的笔记|新郎和新娘
夜里跳舞的人|一碗面条|古老的石桥|跑道上的飞机|错误信息的截图|花瓶里的花|城市地图|骑自行车的男人|笑着的婴儿|长城
烟花|写满图表的白板|湖上的小船|音乐会的人群|车票和护照|跳过栏杆的马|有木桌的厨房|穿绿色大衣的女人|树枝上的鸟|黄昏的火车站
关于预算的讨论|做面包的方法|心脏是怎样工作的|租房合同|关于音乐的采访|罗马的历史|洗衣机说明书|季度报告|讲黑洞的课|写冬天的诗
牙医的电话号码|假期计划|奶奶讲故事|游泳池|雨中空荡的街道|一盘寿司|星空下的帐篷|墙上的涂鸦|桌上的笔记本电脑|毕业照
"""

PROBES = tuple(
    query for line in (ENGLISH + CHINESE).split("\n") for query in line.split("|") if query
)

"""Invented companies, people, places and media. Any likeness to real ones is chance."""

from typing import NamedTuple


class Company(NamedTuple):
    """A listed company. `market` is East Money's prefix: 1 SH, 0 SZ and BJ, 116 HK, 105 US."""

    name: str
    market: int
    code: str

    @property
    def exchange(self) -> str:
        """SH, SZ, BJ, HK or US."""
        if self.market == 0:
            return "BJ" if self.code.startswith("8") else "SZ"
        return {1: "SH", 116: "HK", 105: "US"}[self.market]

    @property
    def cls_code(self) -> str:
        """As cls.cn writes it in stock_list: sh609101, hk09871."""
        return self.exchange.lower() + self.code


def _companies(lines: str) -> tuple[Company, ...]:
    rows = (line.split() for line in lines.strip().splitlines())
    return tuple(Company(name, int(market), code) for name, market, code in rows)


MAINLAND = _companies(
    """
    澜汐科技 1 609101
    恒屿电气 1 609117
    岳麟股份 1 609128
    青渡医药 1 609133
    朗禾食品 1 609152
    云岫半导体 1 689166
    栖山新材 1 609170
    砺锋装备 1 609185
    承晏环保 1 609192
    沐原乳业 1 609203
    瑾川能源 1 609218
    霁光显示 1 689224
    弘砚传媒 0 309207
    启衡精工 0 003931
    泊渊光电 0 309219
    玖岭新能 0 309233
    卓汐智控 0 309246
    蓝芷制药 0 003957
    穗临农科 0 003968
    远砺航空 0 309271
    珩达汽车 0 003982
    辰砾矿业 0 003994
    江河 0 309288
    闻溪股份 0 839107
    """
)
OVERSEAS = _companies(
    """
    鹿屿控股 116 09871
    澄湾物业 116 09862
    曜石互动 116 09857
    青霄出行 105 QXCX
    Nordvale 105 NDVL
    Helixor 105 HLXR
    """
)

BOARDS = (
    ("新能源", "90.BK9493"),
    ("半导体", "90.BK9036"),
    ("机器人", "90.BK9090"),
    ("储能", "90.BK9989"),
    ("消费电子", "90.BK9037"),
    ("有色金属", "90.BK9478"),
    ("创新药", "90.BK9106"),
    ("工程机械", "90.BK9739"),
)
SUBJECTS = (
    (90151, "东澜早报"),
    (90135, "盘后复盘"),
    (90203, "临澜产业观察"),
    (90288, "算力与芯片"),
    (90317, "大宗商品速览"),
    (90342, "基金动态追踪"),
    (90376, "港股风向"),
    (90405, "新消费笔记"),
    (90433, "绿色能源前沿"),
    (90460, "城市与地产"),
    (90488, "海外央行观察"),
    (90512, "公告里的线索"),
)

REPORTERS = tuple("周砚秋 林叙白 许知夏 郑一鸣 何书昀 沈镕之 陶喆明 唐予安 高明岚 宋时雨".split())
EDITORS = ("李牧川", "王若溪", "赵景行", "孙未央", "钱听澜", "吴念之")
ANALYSTS = ("陆衡", "方以宁", "顾长风", "姜遥", "裴知南", "罗见微")
OFFICIALS = ("程望舒", "秦临渊", "杜若衡", "韩疏影")
PLACES = tuple("临澜市 云泽市 青屿市 望川县 镜湖新区 澄州市 雁回市 栖霖市 南屿自贸片区 鹤汀市".split())
PROVINCES = ("东澜省", "西岭省", "南屿省", "北濛省")
COUNTRIES = ("维斯兰", "诺登联邦", "科瑞亚", "塔兰特", "米洛共和国")
BROKERS = ("东澜证券", "云泽证券", "澄江期货", "雁回基金", "北濛资管", "栖霖信托")
AGENCIES = ("市场监督管理局", "工业和信息化局", "发展改革委员会", "住房和城乡建设局", "商务局", "交通运输局")
OTHER_MEDIA = ("央视新闻", "东澜卫视", "云泽日报", "临澜发布")
EASTMONEY_MEDIA = ("东澜证券报", "云泽财经网", "临澜日报", "财联社", "栖霖晚报", "雁回观察")

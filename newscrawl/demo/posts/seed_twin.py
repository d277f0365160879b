"""The twin of the project's seed post: the same form to the letter, another text and other images."""

from newscrawl.demo.posts.format import Post, news_address

NUMBER = "202203292326459968"
TITLE = "稳供应、强服务、守安全 临澜能源企业多措并举护航“度冬期”"
DATE = "2022-03-29 13:42:15 +0800"

_TEXT = """
临澜市正处于供暖季收尾的关键阶段。随着冷空气再度南下，全市用能负荷重新抬升，面对保供压力，当地能源企业积极行动，保障居民和工业用户的稳定供应。
3月29日，记者从临澜市能源保供调度会上获悉，供电、供气、供热等单位均已启动应急值守，截至目前各类管网运行平稳有序。
扩大储备、创新服务、走进社区……在临澜的能源公司们纷纷拿出办法，力求用更有温度的举措，陪伴市民度过这个漫长的冬天。
**扩充应急储备**
为提升调峰能力，瑾川能源于3月14日启用两座新建储罐，应急储备规模提高到原来的1.5倍，“可在极端低温条件下连续供应72小时，储备启用期间价格保持不变。”
玖岭新能第一时间调整检修计划，将三台机组的停机时间后移，并为工业园区预留了20%的备用容量；同时上线“用能管家”H5页面，企业可在线查看负荷曲线。
**线上服务便捷高效**
对于不便前往营业厅的用户，各公司开通了多种线上渠道，缴费、报修、过户均可在手机上办理。
恒屿电气客服团队实行“线上+线下”双班值守，热线接通率保持在98%以上；针对独居老人开通“一键回拨”，由专人上门检查线路；
承晏环保则把服务搬进了社区微信群，工程师轮流答疑，系统7*24小时受理报修，平均到场时间缩短至35分钟。
**启动备用站点**
记者了解到，早在两年前， 临澜供热中心就完成了备用站点的远程改造，值班人员可以在任意一处控制室接管全部换热站。
**坚守岗位**
位于城北的调度大厅灯火通明，弹性排班之下，每个席位都有双人备份。
!0 832 618 431
调度员程望舒、杜若衡都是夜班组的老搭档，他们负责盯住一百多块曲线屏。
!1 832 522 364
!2 832 480 335
**加入志愿服务**
寒潮来临之前，公司志愿者走进老旧小区，为居民检查阀门和管道保温层。
!3 832 564 393
社区工作人员说，志愿小分队带来了工具和耐心，也带来了踏实。
!4 832 622 434
在1至18层的楼道里，他们挨家挨户讲解安全用能知识，并为行动不便的住户更换了老化的软管，保障了保供工作的有序开展。
"""
_DIGITS = (
    "24662880987147000905",
    "25277282142758000691",
    "25630199753384000491",
    "24683100545798000912",
    "25685944900750000855",
)


def seed_twin(*, crlf: bool = False) -> Post:
    """The post; with CRLF inside its body as the corpus holds it, or with LF as the project was given it."""
    blocks = [_block(line) for line in _TEXT.strip().splitlines()]
    body = "\n ".join(blocks) + '<p class="em_media">（文章来源：财联社）</p>'
    return Post(title=TITLE, date=DATE, medium="财联社", body=body, address=news_address(NUMBER), crlf=crlf)


def seed_images() -> tuple[str, ...]:
    """The addresses of its five images."""
    sizes = [line.split() for line in _TEXT.splitlines() if line.startswith("!")]
    return tuple(_image_address(int(number[1:]), width, height) for number, width, height, _ in sizes)


def seed_lines() -> tuple[str, ...]:
    """Its visible paragraphs."""
    lines = (line.strip("*") for line in _TEXT.strip().splitlines() if not line.startswith("!"))
    return tuple(lines)


def _block(line: str) -> str:
    if not line.startswith("!"):
        return f"<p><strong>{line.strip('*')}</strong></p>" if line.startswith("**") else f"<p>{line}</p>"
    number, width, height, shown = line[1:].split()
    return (
        f'<center><img src="{_image_address(int(number), width, height)}" alt="image" width="580" emheight="{shown}" '
        'style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;" /></center>'
    )


def _image_address(number: int, width: str, height: str) -> str:
    return f"https://dfscdn.dfcfw.com/download/D{_DIGITS[number]}_w{width}h{height}.jpg"

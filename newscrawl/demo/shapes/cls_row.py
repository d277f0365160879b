"""An empty telegraph row with all its fields in the order of the real body."""

from typing import Any


def blank_row(number: int, moment: int, sv: str) -> dict[str, Any]:
    """A row that says nothing yet; `moment` is its ctime in unix seconds."""
    share = f"https://api3.cls.cn/share/article/{number}?os=web&sv={sv}&app=CailianpressWeb"
    return {
        "author_extends": "",
        "assocFastFact": blank_fact(),
        "depth_extends": "null",
        "deny_comment": 0,
        "level": "C",
        "reading_num": 0,
        "content": "",
        "in_roll": 1,
        "recommend": 0,
        "confirmed": 0,
        "jpush": 0,
        "img": "",
        "user_id": 0,
        "is_top": 0,
        "brief": "",
        "id": number,
        "ctime": moment,
        "type": -1,
        "title": "",
        "bold": 0,
        "sort_score": moment,
        "comment_num": 0,
        "modified_time": moment,
        "status": 1,
        "collection": 0,
        "has_img": 0,
        "category": "",
        "shareurl": share,
        "share_img": "https://img.cls.cn/share/roll.png",
        "share_num": 0,
        "sub_titles": [],
        "tags": [],
        "imgs": [],
        "images": [],
        "explain_num": -1,
        "stock_list": [],
        "is_ad": 0,
        "ad": blank_advert(),
        "subjects": [],
        "audio_url": [],
        "author": "",
        "plate_list": [],
        "assocArticleUrl": "",
        "assocVideoTitle": "",
        "assocVideoUrl": "",
        "assocCreditRating": [],
        "invest_calendar": blank_calendar(),
        "share_content": "",
        "gray_share": 0,
        "comment_recommand": None,
        "timeline": None,
        "is_fad": 0,
        "disclaimer": "",
    }


def blank_fact() -> dict[str, Any]:
    """assocFastFact of an ordinary row."""
    keys = ("fid", "fast_fact_content", "article_id", "article_title", "imgs", "slogan")
    return {key: 0 if key in ("fid", "article_id") else "" for key in keys}


def blank_advert() -> dict[str, Any]:
    """`ad` of a row that is none."""
    keys = ("id", "title", "img", "url", "monitorUrl", "video_url", "adTag", "fullScreen", "type")
    return {key: 0 if key in ("id", "fullScreen", "type") else "" for key in keys}


def blank_calendar() -> dict[str, Any]:
    """invest_calendar of an ordinary row."""
    times = {"type": 0, "calendar_time": "", "setting_time": ""}
    return {"id": 0, "data_id": 0, "r_id": "", **times, "event": None, "economic": None, "short_latents": None}

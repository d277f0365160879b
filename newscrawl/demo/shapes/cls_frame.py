"""What stands around every cls.cn detail page of 2026: head, navigation, sidebars, footer, images of the house."""

from newscrawl.demo.answers import esc

_HOUSE_IMAGES = ("kefu", "xlCode", "wxCode", "appLogo")
_NAVIGATION = (("/", "首页"), ("/telegraph", "电报"), ("/subject", "话题"), ("/finance", "盯盘"), ("/vip", "VIP"))
_ABOUT = (("our", "关于我们"), ("copyright", "网站声明"), ("contact", "联系方式"), ("map", "网站地图"))
_CHUNKS = ("polyfills-1a", "webpack-2b", "framework-3c", "main-4d", "pages/_app-5e", "pages/detail/%5Bid%5D-6f")


def head(title: str) -> str:
    """From the doctype to </head>."""
    scripts = "".join(
        f'<script src="https://wwwjs.cls.cn/_next/static/chunks/{chunk}.js" defer=""></script>' for chunk in _CHUNKS
    )
    return (
        '<!DOCTYPE html><html lang="zh"><head><meta charSet="utf-8" data-next-head=""/>'
        '<meta name="viewport" content="width=device-width" data-next-head=""/>'
        f'<meta name="description" content="{esc(title)}" data-next-head=""/>'
        f'<title data-next-head="">{esc(title)}</title>'
        '<meta name="renderer" content="webkit"/>'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>'
        '<link rel="icon" href="https://cdnjs.cls.cn/www/image/favicon.ico"/>'
        '<link rel="stylesheet" type="text/css" charSet="UTF-8" href="/css/slick.css"/>'
        "<noscript><strong>请启用 JavaScript 后继续访问。</strong></noscript>"
        f'<noscript data-n-css=""></noscript>{scripts}</head>'
    )


def top() -> str:
    """The bars above the article; the one h1 holds the logo and no text."""
    about = "".join(
        f'<a href="/our?nav={key}" class="m-r-50 f-s-15 c-6a6a6a h-t-d-u">{name}</a>' for key, name in _ABOUT
    )
    navigation = "".join(
        f'<a href="{path}" class="d-i-b m-r-48 c-4d4d4d l-c-m-r-0" target="_blank" rel="noopener noreferrer">'
        f'<h2 class="d-i f-s-20">{name}</h2></a>'
        for path, name in _NAVIGATION
    )
    return (
        '<div class="header-wraper"><div><div class="h-42 l-h-42p top-nav-box"><div class="c-b m-a w-1200">'
        f'<div class="f-l top-nav-left">{about}</div></div></div><div class="p-r m-a w-1200">'
        '<div class="c-b p-t-16 p-b-16 h-52 level-1-nav-box"><a href="/" class="f-l"><h1>'
        '<div class="p-r m-r-50 w-198 h-53 level-1-logo-box" title="财联社"></div></h1></a>'
        f'<div class="f-l m-t-24 h-28 l-h-28p level-1-nav">{navigation}</div><div class="f-r p-r m-t-23">'
        '<input class="p-t-0 p-r-16 w-156 h-28 f-s-14" type="text" placeholder="请输入关键词" value=""/>'
        '<span rel="noopener noreferrer"><em class="v-a-m m-l-12 f-s-20 iconfont iconsearch"></em></span>'
        "</div></div></div></div></div>"
    )


def preloads() -> str:
    """The links to the house's images at the start of the body."""
    return "".join(
        f'<link rel="preload" as="image" href="https://cdnjs.cls.cn/images/site/cailianWeb/{name}.png"/>'
        for name in _HOUSE_IMAGES
    )


def right(subjects: tuple[tuple[int, str], ...]) -> str:
    """The column on the right: news tabs and the story's subjects with their followers."""
    rows = "".join(
        '<div class="p-t-20 p-r-10 p-b-20 p-l-10 b-b-w-1"><div class="m-l-10"><div class="m-b-3 o-h f-s-20 f-w-b">'
        f'<a class="h-t-d-u" href="/subject/{number}" target="_blank" rel="noopener noreferrer">{name}</a></div>'
        f'<div class="f-s-12 c-666">{number % 90}.{number % 7}W<!-- --> 人关注</div></div></div>'
        for number, name in subjects
    )
    return (
        '<div class="f-r w-280"><div><div class="c-b m-b-20 w-100p h-39 l-h-38p f-s-14 t-a-c c-747474">'
        '<div class="f-l w-139 c-p f-w-b c-222">要闻</div><div class="f-l w-138 c-p">股市</div></div>'
        '<div class="p-r-20 p-l-20"><a href="/depth?id=1000" class="d-b m-a m-b-30 w-98">查看更多</a></div></div>'
        '<div><div class="b-t-w-2 b-t-s-s b-c-222"><div class="p-r-20 p-l-20 h-52 f-s-16 f-w-b">关联话题</div></div>'
        f'<div class="b-t-w-1 b-t-s-s b-c-e6e7ea">{rows}</div></div></div>'
    )


def bottom() -> str:
    """The floating images and the footer."""
    images = "".join(
        '<div class="p-r m-b-7 h-33 c-p sidebar-image-box">'
        f'<img src="https://cdnjs.cls.cn/images/site/cailianWeb/{name}.png" class="w-32"/>'
        f'<img class="d-n p-a sidebar-image" src="https://cdnjs.cls.cn/images/rightSide/{name}Slider.png"/></div>'
        for name in _HOUSE_IMAGES
    )
    links = "".join(
        f'<span><a href="/our?nav={key}" class="c-5f5f6a h-c-bcbcbc">{name}</a>'
        '<span class="m-r-15 m-l-15">|</span></span>'
        for key, name in _ABOUT
    )
    return (
        f'<div class="p-f r-20 b-10p z-i-11">{images}<div class="p-r m-b-7 h-33 c-p"><div class="c-p">'
        '<img src="https://cdnjs.cls.cn/images/site/cailianWeb/toTop.png" class="w-32"/></div></div></div>'
        '<div class="p-a l-0 b-0 w-100p h-100 bg-c-222"><div class="m-a p-t-24 w-1200 f-s-12 l-h-141667 c-5f5f6a">'
        f'<div class="c-b m-b-10">{links}<span class="m-r-15">演示站点，内容均为虚构</span>'
        '<a class="f-r w-140" href="/report" rel="nofollow" target="_blank"><img class="w-100p" '
        'src="https://cdnjs.cls.cn/images/site/cailianWeb/jubaologo1.png" alt="举报"/></a></div><div>'
        '<a class="m-r-15 c-5f5f6a" href="/" title="财联社">财联社</a> <!-- -->©2018-2026</div></div></div>'
    )

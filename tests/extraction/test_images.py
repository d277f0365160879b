"""Images of a body: the full-size address, each once, hostile ones left out."""

import pytest

from newscrawl.extraction.images import body_images
from newscrawl.items import Image
from newscrawl.tree import parse_fragment

BASE = "https://finance.eastmoney.com/a/202611203500000001.html"


def images(markup, base=BASE):
    return body_images(parse_fragment(markup), base)


@pytest.mark.parametrize(
    "attributes",
    [
        'src="//cdn.cn/a_w580h300.jpg" orginial_src="//cdn.cn/a_o.jpg"',
        'data-src="https://cdn.cn/a_o.jpg" src="data:image/gif;base64,R0lGOD"',
        'data-original="//cdn.cn/a_o.jpg" src="/static/lazy.gif"',
        'src=" https://cdn.cn/a_o.jpg "',
    ],
)
def test_takes_the_full_size_address(attributes):
    assert [image.url for image in images(f"<p><img {attributes}></p>")] == ["https://cdn.cn/a_o.jpg"]


def test_reads_the_size_from_the_name_before_the_attributes():
    (image,) = images('<img src="//cdn.cn/D24_w832h618.jpg" width="580" emheight="431" alt="image">')
    assert image == Image("https://cdn.cn/D24_w832h618.jpg", width=832, height=618)
    (image,) = images('<img src="//cdn.cn/x.jpg" width="580px" height="431" alt="厂区一角">')
    assert image == Image("https://cdn.cn/x.jpg", width=580, height=431, alt="厂区一角")


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ('<p><img src="//c.cn/1.png"></p>\n<h3>（来源：青岚科技官网）</h3>', "（来源：青岚科技官网）"),
        ('<figure><img src="//c.cn/1.png"><figcaption>图为厂区</figcaption></figure>', "图为厂区"),
        ('<p><img src="//c.cn/1.png"></p><h3>公司观点</h3>', None),
        ('<p><img src="//c.cn/1.png"></p><p>（来源：正文里的话）</p>', None),
        ('<p>文字<img src="//c.cn/1.png"></p><h3>（来源：别处）</h3>', None),
    ],
)
def test_captions(markup, caption):
    assert images(markup)[0].caption == caption


def test_each_image_once_and_odd_addresses_left_out():
    markup = """<img src="javascript:alert(1)"><img src="file:///etc/passwd"><img src="http://[::1/x.png"><img>
        <img src="/a.png"><img src="https://finance.eastmoney.com/a.png"><img src="data:image/png;base64,xx">"""
    assert [image.url for image in images(markup)] == ["https://finance.eastmoney.com/a.png"]


def test_without_an_address_of_the_page_they_stay_as_written():
    assert [image.url for image in images('<img src="pic/a.png">', "")] == ["pic/a.png"]


@pytest.mark.parametrize(
    "attributes",
    [
        'srcset="//cdn.cn/s.jpg 320w, //cdn.cn/a,b.jpg 1280w"',
        'src="data:image/gif;base64,R0" data-srcset="//cdn.cn/s.jpg, //cdn.cn/a,b.jpg 2x"',
    ],
)
def test_takes_the_largest_of_a_srcset_where_nothing_else_is_given(attributes):
    assert [image.url for image in images(f"<img {attributes}>")] == ["https://cdn.cn/a,b.jpg"]


def test_a_box_named_caption_is_one():
    (image,) = images('<div><p><img src="//c.cn/1.png"></p><p class="img-caption">图为厂区</p></div>')
    assert image.caption == "图为厂区"

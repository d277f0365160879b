"""The large ones: a page of a megabyte is a line here."""

import gzip
import json
import random

STORY = "<p>青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。</p>" * 3
NUL, ESC = "\0", "\x1b"


def page(odd, head=""):
    html = f"<html><head><title>青禾电池新厂投产_澄州财经网</title>{head}</head><body><h1>青禾电池新厂投产</h1><p>2026-11-20 19:55</p><div>{STORY}{odd}</div></body></html>"
    return html.encode("utf-8", "surrogatepass")


def next_data(value):
    return page("", f'<script id="__NEXT_DATA__" type="application/json">{value}</script>')


def ld(value):
    return page("", f'<script type="application/ld+json">{value}</script>')


def deep(count, inner="1"):
    return "[" * count + inner + "]" * count


def deep_objects(count):
    return '{"a":' * count + "1" + "}" * count


def answer(rows):
    """The same rows in the shape of each list."""
    return f'{{"errno":0,"error":0,"code":1,"data":{{"roll_data":{rows},"list":{rows},"fastNewsList":{rows},"sortEnd":"1","page_index":1}}}}'.encode()


def rows(count, **more):
    row = {
        "id": 2600318,
        "code": "202611203900022126",
        "ctime": 1763640000,
        "showTime": "2026-11-20 20:00",
        "title": "青禾",
        "content": "青禾电池投产。",
    }
    return json.dumps([{**row, "id": 2600000 + n, "code": str(202611203900000000 + n), **more} for n in range(count)])


def feed(items, before=""):
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def sitemap(inner, before="", root="urlset"):
    return f'<?xml version="1.0"?>{before}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode()


ITEM = "<item><title>青禾电池{n}</title><link>https://www.a.example/2026/11/20/{n}.html</link></item>"
LOLS = (
    '<!DOCTYPE r [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]>'


def record(head="", body=b"", version="WARC/1.0", length=None, kind="response", uri="https://www.a.example/1.html"):
    length = len(body) if length is None else length
    told = f"{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-11-20T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    return f"{told}{head}Content-Length: {length}\r\n\r\n".encode() + body + b"\r\n\r\n"


def http(body, head="Content-Type: text/html\r\n"):
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


GOOD = record(body=http(page("")))


def post(front, body="青禾电池今日宣布，新工厂投产。"):
    return f"---\n{front}\n---\n\n{body}\n\n<https://finance.eastmoney.com/a/202611203900022126.html>\n".encode(
        "utf-8", "surrogatepass"
    )


def noise(count, seed=7):
    return random.Random(seed).randbytes(count)


PAGES = {
    "nested tables": lambda: page("<table><tr><td>" * 9_000 + "x"),
    "nested tables within the bound": lambda: page("<table><tr><td>" * 80 + "x"),
    "nested forms": lambda: page("<form><form><div>" * 5_000),
    "nested lists": lambda: page("<ul><li><ol><li>" * 400 + "x"),
    "crossing tags": lambda: page("<b><i><u>错</b></i></u>" * 5_000),
    "crossing tables": lambda: page("<table><b><tr><i><td></b></table></i>" * 5_000),
    "entities": lambda: page("&amp;" * 500_000),
    "character references": lambda: page("&#x4e2d;&#0;&#xD800;&#xFFFFFFFF;&#99999999999;" * 20_000),
    "ampersands": lambda: page("&" * 1_000_000),
    "one huge attribute": lambda: page(f'<p title="{"长" * 900_000}">x</p>'),
    "an attribute of quotes": lambda: page("<p title=" + "'\"" * 500_000),
    "many attributes": lambda: page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"),
    "NULs": lambda: page("青\0禾" * 100_000),
    "escape sequences": lambda: page("\x1b[31m青\x1b]0;x\x07\x9b31m" * 50_000),
    "surrogates": lambda: page("青\ud800禾\udfff" * 50_000),
    "marks of byte order": lambda: page("\ufeff青禾" * 50_000),
    "direction marks": lambda: page("\u202e青\u2066禾\u200b" * 50_000),
    "combining marks": lambda: page("青" + "\u0301" * 500_000),
    "a long title": lambda: page("").replace("新厂投产_".encode(), "长".encode() * 400_000),
    "a long heading": lambda: page("").replace("<h1>青禾".encode(), b"<h1>" + "长".encode() * 400_000),
    "many images": lambda: page("".join(f"<img src=/{n}.jpg>" for n in range(58_000))),
    "too many images": lambda: page("".join(f"<img src=/{n}.jpg>" for n in range(100_000))),
    "a long srcset": lambda: page('<img srcset="' + "x 1x, " * 200_000 + '">'),
    "a long style": lambda: page('<p style="' + "display : " * 200_000 + '">x'),
    "dates": lambda: page("2026-11-20 " * 200_000),
    "date of digits": lambda: page("", '<meta name="pubdate" content="' + "2026-11-" * 50_000 + '">'),
    "colons": lambda: page("来源：作者：" * 200_000),
    "pagers": lambda: page('<a href="1_2.html">下一页</a>' * 25_000),
    "brackets of stocks": lambda: page("（600519.SH" * 200_000),
    "comments": lambda: page("<!--" * 50_000 + "-->"),
    "dashes of comments": lambda: page("<!-- " + "-" * 1_000_000),
    "scripts": lambda: page("<script>" * 29_000),
    "unclosed scripts": lambda: page("<script " * 50_000),
    "links of brackets": lambda: page("<a href='http://[" * 20_000),
    "next data of deep lists": lambda: next_data('{"a":' + deep(100_000) + "}"),
    "next data of deep objects": lambda: next_data(deep_objects(100_000)),
    "next data of 900 levels": lambda: next_data('{"a":' + deep(900) + "}"),
    "next data of digits": lambda: next_data('{"a":' + "9" * 1_000_000 + "}"),
    "next data of exponents": lambda: next_data('{"a":[' + "1e999," * 100_000 + "1]}"),
    "next data of doubles": lambda: next_data("{" + '"a":1,' * 200_000 + '"a":2}'),
    "next data of many values": lambda: next_data('{"a":[' + "[]," * 400_000 + "1]}"),
    "next data of surrogates": lambda: next_data('{"a":"' + "\\ud800" * 100_000 + '"}'),
    "next data without end": lambda: next_data('{"a":' * 900),
    "names of next data": lambda: page("", "<script>x" + "__NEXT_DATA__ " * 150_000 + "</script>"),
    "scripts of next data": lambda: page("", "<script>__A_STATE__={" * 50_000),
    "next data in next data": lambda: page("", '<script>__A_STATE__={"' * 50_000),
    "linked data of itself": lambda: ld('{"@graph":[' * 400 + '{"@type":"NewsArticle"}' + "]}" * 400),
    "linked data of authors": lambda: ld('{"@type":"NewsArticle","author":[' + '{"name":"x"},' * 100_000 + '{"name":[]}]}'),
    "linked data, many": lambda: page("", '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 20_000),
    "nested microdata": lambda: page('<div itemscope itemtype="http://schema.org/Article"><p itemprop="author">' * 900 + "x"),
    "wide microdata": lambda: page('<div itemscope itemtype="http://schema.org/Article">' + '<p itemprop="author">x</p>' * 25_000),
    "an assignment of equals": lambda: page("<script>window.__INITIAL_STATE__" + "=" * 500_000 + "</script>"),
    "random bytes": lambda: noise(300_000),
    "random bytes called GBK": lambda: b"<meta charset=gbk>" + noise(300_000),
    "half of two-byte characters": lambda: b"<meta charset=gbk>" + b"\x81" * 300_001,
    "UTF-7": lambda: b"<meta charset=utf-7>" + page("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    "UTF-32": lambda: page("").decode().encode("utf-32"),
    "UTF-16 cut": lambda: page("").decode().encode("utf-16")[:-1],
    "a GIF that is a page": lambda: b"GIF89a" + page(""),
    "a zip": lambda: b"PK\x03\x04" + noise(100_000),
    "gzip": lambda: gzip.compress(page("")),
    "only spaces": lambda: b" \r\n\t" * 500_000,
    "only less-than": lambda: b"<" * 59_000,
    "many less-than": lambda: b"<" * 1_000_000,
    "end tags": lambda: page("</div>" * 50_000),
    "processing instructions": lambda: page("<?php " * 50_000),
    "declarations": lambda: b"<!DOCTYPE " * 50_000 + page(""),
    "names of elements": lambda: page("<" + "a" * 1_000_000 + ">x"),
    "custom elements": lambda: page("".join(f"<x-{n}>青" for n in range(50_000))),
    "plaintext": lambda: page("<plaintext>" * 20_000),
    "select in select": lambda: page("<select><option>" * 25_000),
    "templates": lambda: page("<template>" * 900 + STORY),
    "math and svg": lambda: page("<math><mtext><svg><foreignObject>" * 300),
    "ruby": lambda: page("<ruby>青<rp>(<rt>q" * 15_000),
}  # fmt: skip
JSONS = {
    "deep lists": lambda: answer(deep(100_000)),
    "deep rows": lambda: answer(f"[{deep(900)},{rows(1)[1:-1]}]"),
    "deep contents": lambda: answer(rows(3)[:-1] + ',{"id":1,"content":' + deep(950) + "}]"),
    "only brackets": lambda: b"[" * 3_000_000,
    "digits": lambda: answer("9" * 100_000),
    "ids of digits": lambda: answer('[{"id":"' + "9" * 100_000 + '"}]'),
    "many rows": lambda: answer(rows(5_000)),
    "rows that are one": lambda: answer(rows(1) [:-1] + "," + ",".join([rows(1)[1:-1]] * 5_000) + "]"),
    "rows of lists": lambda: answer("[" + "[]," * 20_000 + "null]"),
    "rows of nulls": lambda: answer("[" + "null," * 40_000 + "null]"),
    "times beyond all": lambda: answer(rows(50, ctime=10**30, showTime="9999-99-99 99:99:99")),
    "times before all": lambda: answer(rows(50, ctime=-(10**18), showTime="0000-00-00")),
    "long titles": lambda: answer(rows(3, title="长" * 80_000, content="【" * 80_000)),
    "titles of brackets": lambda: answer(rows(3, content="【" + "青】【" * 100_000)),
    "datelines": lambda: answer(rows(3, content="财联社11月20日讯（编辑 " + "（" * 300_000)),
    "contents of tags": lambda: answer(rows(2, content="<p>青" * 55_000)),
    "contents of broken tags": lambda: answer(rows(1, content="3<5 <o:p <b " * 15_000)),
    "contents of entities": lambda: answer(rows(2, content="&amp;&#0;&#xD800;" * 15_000)),
    "images": lambda: answer(rows(2, images=["//[::1", "javascript:x", None, 5, {}] * 5_000)),
    "stocks": lambda: answer(rows(2, stock_list=[{"StockID": "sh" + "6" * 10_000, "name": []}] * 1_000)),
    "subjects": lambda: answer(rows(2, subjects=[{"subject_name": "\0\x1b[31m"}, {"subject_name": {}}, None, 1] * 3_000)),
    "a message without end": lambda: b'{"errno":"' + b"x" * 1_000_000 + b'","msg":"' + b"\\u001b" * 100_000 + b'"}',
    "surrogates": lambda: answer(rows(2, title="\ud800", content="青\udfff禾")),
    "UTF-16": lambda: answer(rows(3)).decode().encode("utf-16"),
    "random bytes": lambda: noise(100_000),
}  # fmt: skip
LISTS = {
    "a bomb of entities": lambda: feed("<item><title>&m;</title></item>", LOLS),
    "a bomb in a sitemap": lambda: sitemap("<url><loc>&m;</loc></url>", LOLS),
    "entities from outside": lambda: feed("<item><title>&x;</title><link>https://www.a.example/1.html</link></item>", EXTERNAL),
    "a DTD without end": lambda: feed("", "<!DOCTYPE r [" + "<!ENTITY a 'b'>" * 50_000),
    "a DTD of brackets": lambda: feed("", "<!DOCTYPE " + "[" * 500_000),
    "a prolog of comments": lambda: feed("", "<!-- x -->" * 100_000),
    "a prolog without end": lambda: b"<?xml" * 200_000,
    "100,000 entries": lambda: feed("".join(ITEM.format(n=n) for n in range(100_000))),
    "10,000 pages": lambda: sitemap("".join(f"<url><loc>https://www.a.example/2026/11/20/{n}.html</loc></url>" for n in range(10_000))),
    "deep nesting": lambda: feed("<item>" * 100_000),
    "deep nesting that ends": lambda: feed("<item>" * 50_000 + "</item>" * 50_000),
    "nested channels": lambda: feed("<channel><item>" * 200 + "</item></channel>" * 200),
    "an index of itself": lambda: sitemap("<sitemap><loc>https://www.a.example/list/</loc></sitemap>" * 1_000, root="sitemapindex"),
    "long titles": lambda: feed(f"<item><title>{'长' * 1_000_000}</title><link>https://www.a.example/1.html</link></item>"),
    "titles of less-than": lambda: feed(f"<item><title>{'&lt;' * 500_000}</title><link>https://www.a.example/1.html</link></item>"),
    "dates of digits": lambda: feed(f"<item><link>https://www.a.example/1.html</link><pubDate>{'2026-11-' * 100_000}</pubDate></item>"),
    "sections of data": lambda: feed("<item><title>" + "<![CDATA[" * 100_000 + "]]></title></item>"),
    "namespaces": lambda: feed("<item " + " ".join(f'xmlns:a{n}="x{n}"' for n in range(500)) + "/>"),
    "many attributes": lambda: feed("<item " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
    "many links": lambda: page('<li><a href="/2026/11/20/{}.html">第一条新闻：某地公布了一项数据</a></li>' * 14_000),
    "links of hosts": lambda: page("".join(f'<a href="http://{n}.a.example:{n}/">第{n}条新闻公布</a>' for n in range(10_000))),
    "long links": lambda: page("".join(f'<a href="/{"a-" * 2_000}{n}.html">第{n}条新闻：某地公布</a>' for n in range(400))),
    "a pager of numbers": lambda: page("".join(f'<a href="/p/{n}">{n}</a>' for n in range(14_000))),
    "a pager of script": lambda: page("createPageHTML(" * 100_000),
    "nested headings": lambda: page("<h2><a href=/1.html>第一条新闻：某地公布了</a>" * 500),
    "calendars": lambda: page("<table><tr><td>日一二三四五六<a href=/1>1</a>" * 80),
    "a bomb of gzip": lambda: gzip.compress(b"0" * 40_000_000),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(feed(ITEM))),
    "gzip cut": lambda: gzip.compress(feed(ITEM))[:-9],
    "gzip of noise": lambda: b"\x1f\x8b\x08" + noise(1_000),
    "UTF-16": lambda: feed(ITEM.format(n=1)).decode().encode("utf-16"),
    "UTF-32": lambda: feed(ITEM.format(n=1)).decode().encode("utf-32"),
    "GBK called UTF-8": lambda: feed(ITEM.format(n=1)).decode().encode("gbk"),
    "random bytes": lambda: noise(100_000),
}  # fmt: skip
ROBOTS = {
    "50 MB": lambda: b"User-agent: *\nDisallow: /x/\n" + b"# filler\n" * 5_500_000,
    "a line of 4 MB": lambda: b"User-agent: *\nDisallow: /x/\nDisallow: /" + b"a" * 4_000_000,
    "100,000 rules": lambda: b"User-agent: *\nDisallow: /x/\n" + b"".join(b"Disallow: /%d/\n" % n for n in range(100_000)),
    "rules of stars": lambda: b"User-agent: *\nDisallow: /x/\n" + b"".join(b"Disallow: /*%d*a*a*a*b\n" % n for n in range(25_000)),
    "stars": lambda: b"User-agent: *\nDisallow: /x/\nDisallow: /" + b"*a" * 100_000 + b"*b\n",
    "agents": lambda: b"".join(b"User-agent: a%d\n" % n for n in range(30_000)) + b"User-agent: *\nDisallow: /x/\n",
    "groups": lambda: b"User-agent: *\nDisallow: /x/\n" + b"".join(b"User-agent: a%d\nAllow: /\n" % n for n in range(15_000)),
    "escapes": lambda: b"User-agent: *\nDisallow: /x/\nDisallow: /" + b"%" * 100_000 + b"\n",
    "delays": lambda: b"User-agent: *\nDisallow: /x/\nCrawl-delay: " + b"9" * 100_000 + b"\n",
    "delay without end": lambda: b"User-agent: *\nDisallow: /x/\nCrawl-delay: inf\nCrawl-delay: nan\nCrawl-delay: -5\nRequest-rate: 1/0\nVisit-time: 9999-9999\n",
    "a binary": lambda: noise(400_000) + b"\nUser-agent: *\nDisallow: /x/\n",
    "NULs": lambda: b"\0" * 300_000 + b"User-agent: *\nDisallow: /x/\n",
}  # fmt: skip
WARCS = {
    "a wrong length": lambda: record(body=http(page("")), length=5) + GOOD,
    "a huge length": lambda: record(body=b"x", length=10**30) + GOOD,
    "a length of digits": lambda: record(body=b"x").replace(b"Content-Length: 1", b"Content-Length: " + b"9" * 5_000) + GOOD,
    "a negative length": lambda: record(body=b"x", length=-5) + GOOD,
    "a length of words": lambda: record(body=b"x").replace(b"Length: 1", b"Length: many") + GOOD,
    "two lengths": lambda: record("Content-Length: 3\r\n", body=b"xxxxx") + GOOD,
    "headers of 10 MB": lambda: record("X: " + "y" * 10_000_000 + "\r\n", body=http(b"")) + GOOD,
    "100,000 headers": lambda: record("X: y\r\n" * 100_000, body=http(b"")) + GOOD,
    "HTTP headers of 10 MB": lambda: record(body=http(page(""), "X: " + "y" * 10_000_000 + "\r\n")) + GOOD,
    "no line end": lambda: b"WARC/1.0" + b"x" * 1_000_000,
    "no empty line": lambda: b"WARC/1.0\r\n" + b"X: y\r\n" * 10_000,
    "another version": lambda: record(version="WARC/9.9") + GOOD,
    "no address": lambda: record(body=http(page("")), uri="") + GOOD,
    "an address of this machine": lambda: record(body=http(page("")), uri="file:///etc/passwd") + GOOD,
    "an odd address": lambda: record(body=http(page("")), uri="http://[::1") + GOOD,
    "an odd date": lambda: record(body=http(page(""))).replace(b"2026-11-20T", b"9999-99-99T") + GOOD,
    "an odd status": lambda: record(body=b"HTTP/1.1 abc OK\r\n\r\n" + page("")) + GOOD,
    "no status": lambda: record(body=b"\r\n\r\n" + page("")) + GOOD,
    "a bomb": lambda: record(body=http(gzip.compress(b"0" * 100_000_000), "Content-Encoding: gzip\r\nContent-Type: text/html\r\n")) + GOOD,
    "a bomb of records": lambda: gzip.compress(b"0" * 100_000_000) + gzip.compress(GOOD),
    "layers": lambda: record(body=http(b"x", "Content-Encoding: " + "gzip," * 5_000 + "gzip\r\n")) + GOOD,
    "endless chunks": lambda: record(body=http(b"ffffffffff\r\nx", "Transfer-Encoding: chunked\r\n")) + GOOD,
    "negative chunks": lambda: record(body=http(b"-5\r\nx", "Transfer-Encoding: chunked\r\n")) + GOOD,
    "a revisit of itself": lambda: record("WARC-Refers-To-Target-URI: https://www.a.example/1.html\r\n", kind="revisit") + GOOD,
    "a context of depth": lambda: record(f"WARC-Newscrawl-Source: a\r\nWARC-Newscrawl-Context: {deep(5_000)}\r\n", body=http(page(""))) + GOOD,
    "a context of lists": lambda: record("WARC-Newscrawl-Source: a\r\nWARC-Newscrawl-Context: [1]\r\n", body=http(page(""))) + GOOD,
    "a journal of depth": lambda: record(kind="metadata", uri="urn:newscrawl:journal", body=deep(100_000).encode()) + GOOD,
    "one member of all": lambda: gzip.compress(GOOD * 50),
    "cut in mid-record": lambda: GOOD + GOOD[:-200],
    "cut in the headers": lambda: GOOD + GOOD[:40],
    "noise between": lambda: gzip.compress(GOOD) + noise(200_000) + gzip.compress(GOOD),
    "marks of gzip": lambda: b"\x1f\x8b\x08" * 50_000,
    "random bytes": lambda: noise(200_000),
    "a word and noise": lambda: b"WARC/1.0\r\n" + noise(200_000),
}  # fmt: skip
POSTS = {
    "a bomb of aliases": lambda: post("a: &a [x,x]\n" + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]" for n in range(12)) + "\ntitle: *m\ndate: 2026-11-20"),
    "front matter of 1 MB": lambda: post("title: " + "长" * 400_000),
    "keys without end": lambda: post("\n".join(f"k{n}: v" for n in range(100_000))),
    "tags without end": lambda: post("title: x\ntags: " + "a " * 200_000),
    "rules of dashes": lambda: b"---\n" * 100_000,
    "dashes and spaces": lambda: b"---" + b" " * 500_000 + b"x\n---\n",
    "footers": lambda: post("title: x", "<https://a.example/1>\n\n" * 50_000),
    "line ends": lambda: post("title: x", "\n" * 1_000_000),
    "brackets of a footer": lambda: post("title: x", "\n<" * 50_000),
    "digests": lambda: post("title: x", ">" * 500_000),
    "sources": lambda: post("title: x", "（文章来源：" * 100_000),
    "editors": lambda: post("title: x", "<p>（责任编辑：" + " " * 100_000 + "</p>"),
    "random bytes": lambda: noise(100_000),
}  # fmt: skip
CONFIGS = {
    "deep tables": lambda: b"a = " + b"[" * 100_000,
    "deep keys": lambda: b".".join([b"a"] * 500) + b" = 1",
    "digits": lambda: b"delay = " + b"9" * 100_000,
    "a long text": lambda: b'contact = "' + b"x" * 5_000_000 + b'"',
    "many sites": lambda: b"".join(b'[sites.s%d]\nstart = "https://s%d.example/"\n' % (n, n) for n in range(2_000)),
    "random bytes": lambda: noise(100_000),
}  # fmt: skip
MADE = {"page": PAGES, "json": JSONS, "list": LISTS, "robots": ROBOTS, "warc": WARCS, "post": POSTS, "config": CONFIGS}

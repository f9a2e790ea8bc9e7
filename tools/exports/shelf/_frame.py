"""What stands around every page of the site: head, the way through the site, foot. No page asks anything of others."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tools.exports.shelf._said import esc

_HERE = Path(__file__).parent
_OWN = "'self' file:"
"""Ours, on a server and from the disk: browsers differ in whether 'self' covers the files of a folder."""
_POLICY = f"default-src 'none'; style-src {_OWN}; img-src {_OWN}; form-action {_OWN}; base-uri 'none'"
_SEARCHING = f"{_POLICY}; script-src {_OWN}"
_LOST = (
    ":root{color-scheme:light dark}body{font:1rem/1.85 sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}"
    "a{display:block;padding:.4rem 0}"
)


@dataclass(frozen=True)
class Page:
    """What differs from page to page."""

    title: str
    body: str
    """HTML."""
    up: str = "../"
    """The way to the site's root."""
    about: str = ""
    """One sentence for search engines and previews."""
    where: str = ""
    """Its place from the root."""
    picture: str = ""
    """The same of a PNG that stands for it."""
    scripts: tuple[str, ...] = ()


def style() -> bytes:
    """The site's style sheet."""
    return (_HERE / "_site.css").read_bytes()


def script() -> bytes:
    """What searches."""
    return (_HERE / "_search.js").read_bytes()


def document(page: Page, site: str, address: str) -> bytes:
    """A whole page. `site`: its title; `address`: of the site, empty where nobody said."""
    up, name = page.up, esc(site)
    title = name if page.title == site else f"{esc(page.title)} · {name}"
    scripts = "".join(f'<script defer src="{up}{one}"></script>' for one in page.scripts)
    about = f'<meta name="description" content="{esc(page.about)}">' if page.about else ""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_SEARCHING if page.scripts else _POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="generator" content="证读">'
        f"<title>{title}</title>{about}{_preview(page, name, address)}"
        f'<link rel="stylesheet" href="{up}site.css">{_feeds(up, name)}{scripts}</head>\n'
        f'<body><a class="skip" href="#main">跳到正文</a>{_header(page, name)}\n'
        f'<main id="main" tabindex="-1">\n{page.body}\n</main>\n{_FOOT}</body></html>\n'
    ).encode()


def _preview(page: Page, name: str, address: str) -> str:
    """What others show who are sent the address; nothing where there is none."""
    if not address:
        return ""
    said = {
        "og:type": "website", "og:locale": "zh_CN", "og:site_name": name, "og:title": esc(page.title),
        "og:url": escape(address + page.where), "og:description": esc(page.about),
        "og:image": escape(address + page.picture) if page.picture else "",
    }  # fmt: skip
    return "".join(f'<meta property="{key}" content="{value}">' for key, value in said.items() if value)


def _feeds(up: str, name: str) -> str:
    return (
        f'<link rel="alternate" type="application/atom+xml" title="{name}（Atom）" href="{up}atom.xml">'
        f'<link rel="alternate" type="application/rss+xml" title="{name}（RSS）" href="{up}rss.xml">'
    )


def _header(page: Page, name: str) -> str:
    up = page.up
    box = (
        f'<form role="search" action="{up}search.html"><input type="search" name="q" aria-label="搜索全部论文" '
        'placeholder="搜索全部论文" autocomplete="off" enterkeyhint="search"><button>搜索</button></form>'
    )
    return (
        f'<header class="top"><div><a class="brand" href="{up}index.html">{name}</a>'
        f'<nav aria-label="全站"><a href="{up}archive.html">往期</a><a href="{up}atom.xml">订阅</a></nav>'
        f"{'' if page.scripts else box}</div></header>"
    )


_FOOT = (
    '<footer class="foot"><p>每句话旁边写着核验结论和页码，展开可看原文；页码通向 arXiv 上的 PDF。'
    "标“部分支持”的句子，原文只支持其中一部分。</p></footer>"
)


def lost(site: str, address: str) -> bytes:
    """The page for addresses that lead nowhere. Servers show it at any depth, so it needs no other file."""
    if address:
        ways = (
            f'<a href="{escape(address)}index.html">回到首页</a><a href="{escape(address)}archive.html">看全部往期</a>'
        )
    else:
        ways = '<a href="index.html">本级首页</a><a href="../index.html">上一级首页</a>'
    allowed = b64encode(hashlib.sha256(_LOST.encode()).digest()).decode()
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>没有这一页 · {esc(site)}</title><style>{_LOST}</style></head>\n"
        f"<body><main><h1>没有这一页</h1><p>它可能搬走了，也可能地址有误。</p>{ways}</main></body></html>\n"
    ).encode()

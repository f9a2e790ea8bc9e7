"""Gradio's own parts in our colours; everything else is style.css."""

from pathlib import Path

import gradio as gr

FONTS = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
"""What the reader's own system has; nothing is fetched."""
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Quiet surfaces, one accent."""
    base = gr.themes.Base(
        font=FONTS, font_mono=_MONO, radius_size=gr.themes.sizes.radius_sm, text_size=gr.themes.sizes.text_md,
    )  # fmt: skip
    return base.set(
        body_background_fill="var(--zd-ground)", body_background_fill_dark="var(--zd-ground)",
        body_text_color="var(--zd-ink)", body_text_color_dark="var(--zd-ink)",
        body_text_color_subdued="var(--zd-soft)", body_text_color_subdued_dark="var(--zd-soft)",
        background_fill_primary="var(--zd-surface)", background_fill_primary_dark="var(--zd-surface)",
        background_fill_secondary="var(--zd-ground)", background_fill_secondary_dark="var(--zd-ground)",
        block_background_fill="var(--zd-surface)", block_background_fill_dark="var(--zd-surface)",
        block_border_color="var(--zd-line)", block_border_color_dark="var(--zd-line)",
        block_label_text_color="var(--zd-soft)", block_label_text_color_dark="var(--zd-soft)",
        block_title_text_color="var(--zd-ink)", block_title_text_color_dark="var(--zd-ink)",
        block_shadow="none", block_shadow_dark="none",
        border_color_primary="var(--zd-line)", border_color_primary_dark="var(--zd-line)",
        border_color_accent="var(--zd-accent)", border_color_accent_dark="var(--zd-accent)",
        color_accent="var(--zd-accent)", color_accent_soft="var(--zd-tint)", color_accent_soft_dark="var(--zd-tint)",
        link_text_color="var(--zd-accent)", link_text_color_dark="var(--zd-accent)",
        link_text_color_hover="var(--zd-accent)", link_text_color_hover_dark="var(--zd-accent)",
        link_text_color_visited="var(--zd-accent)", link_text_color_visited_dark="var(--zd-accent)",
        input_background_fill="var(--zd-surface)", input_background_fill_dark="var(--zd-surface)",
        input_border_color="var(--zd-edge)", input_border_color_dark="var(--zd-edge)",
        input_border_color_focus="var(--zd-accent)", input_border_color_focus_dark="var(--zd-accent)",
        input_placeholder_color="var(--zd-soft)", input_placeholder_color_dark="var(--zd-soft)",
        button_primary_background_fill="var(--zd-accent)", button_primary_background_fill_dark="var(--zd-accent)",
        button_primary_background_fill_hover="var(--zd-accent-deep)",
        button_primary_background_fill_hover_dark="var(--zd-accent-deep)",
        button_primary_text_color="var(--zd-on-accent)", button_primary_text_color_dark="var(--zd-on-accent)",
        button_secondary_background_fill="var(--zd-surface)",
        button_secondary_background_fill_dark="var(--zd-surface)",
        button_secondary_background_fill_hover="var(--zd-tint)",
        button_secondary_background_fill_hover_dark="var(--zd-tint)",
        button_secondary_border_color="var(--zd-edge)", button_secondary_border_color_dark="var(--zd-edge)",
        button_secondary_text_color="var(--zd-ink)", button_secondary_text_color_dark="var(--zd-ink)",
        table_border_color="var(--zd-line)", table_border_color_dark="var(--zd-line)",
    )  # fmt: skip


def head() -> str:
    """What goes into the page's head. Our styles stand there as they are; Gradio would rewrite their selectors."""
    styles = "".join(f"<style>{words_of(name)}</style>" for name in ("style.css", "chat.css", "report.css"))
    return f'<meta name="color-scheme" content="light dark"><link rel="icon" href="/favicon.ico">{styles}'


def words_of(name: str) -> str:
    """The text of a file beside this one."""
    return (Path(__file__).parent / name).read_text("utf-8")

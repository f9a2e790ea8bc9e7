"""The chat page's parts in their places."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.web import formulas, talk_parts
from ui.web.markup import esc
from ui.web.shared import Shared
from ui.web.theme import words_of


@dataclass(frozen=True)
class Parts:
    """Components of one browser tab."""

    asked_for: gr.Textbox
    """The talk that the page's address names."""
    talk: gr.State
    """The talk that is open; "" for one nobody has said anything in."""
    asked: gr.State
    """The question that is to be answered now."""
    outcome: gr.State
    """What the last answer leaves to do; see chat.Outcome."""
    about: gr.State
    """Key of the issue the next question is about; "" for all there is."""
    report: gr.State
    """Id of the report the next question is about; "" for none."""
    list: gr.HTML
    new: gr.Button
    head: gr.HTML
    tools: gr.Row
    rename: gr.Button
    export: gr.Button
    delete: gr.Button
    renaming: gr.Row
    name: gr.Textbox
    save: gr.Button
    deleting: gr.Row
    delete_sure: gr.Button
    keep: gr.Button
    chatbot: gr.Chatbot
    chips: gr.HTML
    notice: gr.HTML
    scope: gr.HTML
    picker: gr.Dropdown
    box: gr.Textbox
    parcel: gr.Textbox
    """A file on its way to the browser's downloads."""


def build(shared: Shared) -> Parts:
    """The page's parts, in the tab that is open while this is called."""
    texts, found = shared.texts, dict[str, Any]()
    tell = words_of("chat.js")
    found["talk"], found["about"], found["outcome"] = gr.State(""), gr.State(""), gr.State({})
    found["asked"], found["report"] = gr.State(""), gr.State("")
    found["asked_for"] = gr.Textbox(visible="hidden")
    found["parcel"] = gr.Textbox(visible="hidden", elem_id="zd-parcel")
    with gr.Row(elem_classes="zd-talk", elem_id="zd-talk"):
        with gr.Column(scale=0, min_width=0, elem_classes="zd-talks"):
            found["new"] = gr.Button(texts("talk.new"), size="md", elem_classes="zd-new")
            found["list"] = gr.HTML(apply_default_css=False, js_on_load=tell, elem_id="zd-talk-list")
        with gr.Column(min_width=0, elem_classes="zd-talk-main"):
            found |= _top(shared, tell)
            found["chatbot"] = gr.Chatbot(
                show_label=False, label=texts("talk.log"), elem_id="zd-chatbot", height=None, layout="panel",
                buttons=[], latex_delimiters=formulas.DELIMITERS, sanitize_html=True, line_breaks=False,
                allow_tags=False, feedback_options=None, container=False, placeholder=talk_parts.empty(texts),
                group_consecutive_messages=False,
            )  # fmt: skip
            with gr.Column(elem_classes="zd-asking", min_width=0):
                found |= _asking(shared, tell)
    return Parts(**found)


def _top(shared: Shared, tell: str) -> dict[str, Any]:
    """The talk's name and what can be done with it."""
    texts, found = shared.texts, dict[str, Any]()
    with gr.Row(elem_classes="zd-talk-top"):
        found["head"] = gr.HTML(
            talk_parts.head(None, texts), js_on_load=tell, elem_id="zd-talk-name", apply_default_css=False
        )
        with gr.Row(visible=False, elem_classes="zd-tools") as found["tools"]:
            for name in ("rename", "export", "delete"):
                found[name] = gr.Button(texts("talk." + name), size="sm", scale=0, min_width=0)
    with gr.Row(visible=False, elem_classes="zd-row", elem_id="zd-renaming") as found["renaming"]:
        found["name"] = gr.Textbox(
            label=texts("talk.name"), show_label=False, container=False, max_length=80, max_lines=1
        )
        found["save"] = gr.Button(texts("talk.save"), size="sm", scale=0, min_width=0, variant="primary")
    with gr.Row(visible=False, elem_classes="zd-row", elem_id="zd-deleting") as found["deleting"]:
        gr.HTML(f'<p role="alert">{esc(texts("talk.delete_sure"))}</p>', js_on_load=None)
        found["delete_sure"] = gr.Button(texts("talk.delete"), size="sm", scale=0, min_width=0, variant="stop")
        found["keep"] = gr.Button(texts("talk.keep"), size="sm", scale=0, min_width=0)
    return found


def _asking(shared: Shared, tell: str) -> dict[str, Any]:
    """Everything below the talk: suggestions, scope, box."""
    texts = shared.texts
    return {
        "notice": gr.HTML(apply_default_css=False, js_on_load=None, elem_id="zd-talk-notice"),
        "chips": gr.HTML(apply_default_css=False, js_on_load=tell, elem_id="zd-chips"),
        "scope": gr.HTML(apply_default_css=False, js_on_load=tell, elem_id="zd-scope"),
        "picker": gr.Dropdown(
            choices=[], multiselect=True, label=texts("scope.papers"), elem_id="zd-picker", container=True,
        ),
        "box": gr.Textbox(
            label=texts("talk.ask"), show_label=False, placeholder=texts("talk.hint"), lines=1, max_lines=6,
            elem_id="zd-box", submit_btn=texts("talk.send"), stop_btn=False, max_length=2000, autoscroll=False,
        ),
    }  # fmt: skip

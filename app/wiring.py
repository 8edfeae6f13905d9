"""Who hears whom: panes emit intentions, engine events go to the window, which hands them to every pane."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.bridge import Bridge
    from app.main_window import MainWindow
    from app.theme import Theme


def connect(window: MainWindow, bridge: Bridge, theme: Theme) -> None:
    """Connect the panes of a window, its bridge and its theme."""
    for pane in (window.top, window.player):
        pane.open_wanted.connect(window.desk.choose_film)
        pane.sample_wanted.connect(window.desk.open_sample)
    window.opening.stop_wanted.connect(window.desk.opener.stop)
    window.top.export_wanted.connect(window.desk.export)
    window.top.models_wanted.connect(window.models.show)
    window.models.chosen.connect(window.settings.forget_model)
    window.models.chosen.connect(lambda _: window.desk.use_model(window.settings.standing))
    window.top.settings_wanted.connect(window.settings.show)
    window.settings.changed.connect(window.desk.use_settings)
    window.settings.models_wanted.connect(window.models.show)
    window.settings.range_changed.connect(window.timeline.set_range)
    window.timeline.range_changed.connect(window.settings.set_range)
    window.top.theme_wanted.connect(theme.flip)
    theme.changed.connect(window.on_palette)
    window.player.moved.connect(window.timeline.set_seconds)
    window.player.failed.connect(window.message.say)
    window.player.noted.connect(partial(window.message.say, good=True))
    window.player.full_screen_wanted.connect(window.toggle_full_screen)
    window.player.keys_wanted.connect(window.show_keys)
    window.timeline.seek_wanted.connect(window.player.seek)
    window.timeline.scrub_wanted.connect(window.player.scrub)
    window.timeline.loop_wanted.connect(window.player.set_loop)
    window.player.loop_changed.connect(lambda loop: window.timeline.set_loop(loop if loop and loop[1] else None))
    window.player.chapters_changed.connect(window.timeline.set_chapters)
    window.docks["timeline"].visibilityChanged.connect(lambda shown: window.player.show_seek_bar(not shown))
    window.timeline.play_wanted.connect(lambda at: (window.player.seek(at), window.player.playback.play()))
    window.timeline.ask_about_wanted.connect(lambda *_: window.reveal("chat"))
    _connect_chat(window)
    window.timeline.thumbnail_wanted.connect(window.thumbnails.glance)
    window.thumbnails.rough.connect(window.timeline.set_rough_thumbnail)
    for pane in (window.chat, window.moments):
        pane.thumbnail_wanted.connect(window.thumbnails.want)
    _connect_moments(window)
    _connect_charts(window)
    for pane in (window.timeline, window.chat, window.moments):
        window.thumbnails.ready.connect(pane.set_thumbnail)
    window.thumbnails.times_known.connect(window.desk.on_times)
    window.thumbnails.film_known.connect(window.cuts.set_film)
    window.thumbnails.film_known.connect(window.player.know_film)
    window.cuts.changed.connect(window.timeline.set_cuts)
    window.timeline.header.switches["cuts"].toggled.connect(window.cuts.set_wanted)
    bridge.busy_changed.connect(window.cuts.rest)
    bridge.arrived.connect(window.desk.on_event)
    bridge.warmed.connect(window.desk.on_warmed)
    bridge.arrived.connect(window.settings.receive)
    bridge.warmed.connect(window.settings.receive)
    bridge.indexed.connect(window.desk.on_indexed)
    bridge.busy_changed.connect(window.chat.set_busy)


def _connect_chat(window: MainWindow) -> None:
    """Questions go to the desk, places in the film to player and timeline, chips to the settings."""
    chat, settings = window.chat, window.settings
    chat.seek_wanted.connect(window.player.seek)
    chat.span_wanted.connect(window.player.play_span)
    chat.segment_pointed.connect(window.timeline.outline)
    chat.answer_chosen.connect(window.timeline.show_question)
    chat.question_asked.connect(window.desk.ask)
    chat.lighter_wanted.connect(window.desk.ask)
    chat.again_wanted.connect(window.desk.ask_again)
    chat.stop_wanted.connect(lambda: window.desk.stop() or window.desk.opener.stop())
    chat.things_wanted.connect(window.show_things)
    chat.model_wanted.connect(window.models.show)
    chat.budget_chosen.connect(lambda tokens: settings.store.set("budget", tokens))
    chat.range_cleared.connect(lambda: settings.set_range(None))
    settings.range_changed.connect(chat.set_range)
    settings.changed.connect(chat.show_settings)
    window.models.chosen.connect(lambda _: chat.show_settings(settings.settings))
    chat.show_settings(settings.settings)


def _connect_moments(window: MainWindow) -> None:
    """The list follows timeline and player, and leads them."""
    moments = window.moments
    window.timeline.shown.connect(moments.show_heatmap)
    window.timeline.seek_wanted.connect(moments.select_at)
    window.player.moved.connect(moments.set_seconds)
    window.player.chapters_changed.connect(moments.set_chapters)
    moments.seek_wanted.connect(window.player.seek)
    moments.segment_pointed.connect(window.timeline.outline)
    moments.span_wanted.connect(window.player.play_span)
    moments.loop_wanted.connect(partial(_play_in_loop, window))
    moments.clip_wanted.connect(window.player.save_clip)
    moments.range_wanted.connect(lambda *span: (window.settings.set_range(span), window.reveal("chat")))
    moments.told.connect(lambda text: window.message.say(text, good=True))
    moments.failed.connect(window.message.say)


def _connect_charts(window: MainWindow) -> None:
    """The charts follow the timeline, its logarithmic colours included, and lead it and the player."""
    charts, timeline = window.charts, window.timeline
    timeline.header.charts_wanted.connect(charts.show)
    for signal in (timeline.shown, timeline.state_changed):
        signal.connect(lambda *_: charts.show_content(timeline.content))
    charts.seek_wanted.connect(window.player.seek)
    charts.segment_pointed.connect(timeline.outline)


def _play_in_loop(window: MainWindow, start: float, end: float) -> None:
    window.player.set_loop(start, end)
    window.player.seek(start)
    window.player.playback.play()

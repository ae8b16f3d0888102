"""Looking round, and taking pictures."""

from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> None:
    window, viewer = parts.window, parts.window.viewer

    def save_picture() -> None:
        path = parts.dialogs.ask_where_to_save("Save picture", "fit.png", "Pictures (*.png)")
        if path is not None:
            viewer.save_picture(path if path.suffix else path.with_suffix(".png"))
            window.show_notice(f"Wrote {path}", "info")

    handlers |= {"look": viewer.look_at_everything, "screenshot": save_picture}

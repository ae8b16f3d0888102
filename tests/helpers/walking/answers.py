"""What the walk answers where a dialog would ask; whatever else asks is answered as the tests do."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from difffit_app.prompts import Unsaved
from difffit_app.state.figure import Figure
from walking.world import World

COLOURS = ("#ff0000", "#00ff7f", "#123456")


class Answers:
    """Takes the place of the questions of ``prompts``, which the window was built with."""

    def __init__(self, prompts: Any, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.number = world, chance, 0
        self.asked: list[str] = []
        self.place: Path | None = None
        """Where to save next, whatever chance says."""
        self._prompts = prompts
        for name in (
            "confirm", "ask_to_save", "ask_for_input", "ask_for_models", "ask_for_files", "ask_where_to_save", "ask_for_file",
            "ask_for_folder", "ask_for_colour", "ask_for_figure",
        ):  # fmt: skip
            setattr(prompts, name, getattr(self, name))

    def confirm(self, question: str, accept: str) -> bool:
        self.asked.append(f"{question} [{accept}]")
        return self.chance.random() < 0.7

    def ask_to_save(self, question: str, discard: str) -> Unsaved:
        self.asked.append(f"{question} [{discard}]")
        return self.chance.choice([*Unsaved])

    def stop(self) -> None:
        """From here on it is answered as before."""
        for name in [name for name, answer in vars(self._prompts).items() if getattr(answer, "__self__", None) is self]:
            delattr(self._prompts, name)

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        self.asked.append(f"{sentence} [{kind}]")
        return self.chance.choice([None, *self.world.good, self.world.folder / "bad.mrc"])

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        self.asked.append(f"{question} [{now}]")
        return self.chance.choice([None, "all", "0", *map(str, numbers)])

    def ask_for_files(self) -> list[Path]:
        return self.chance.sample([*self.world.good, *self.world.bad], self.chance.randrange(3))

    def ask_where_to_save(self, title: str, suggestion: str, filters: str) -> Path | None:
        self.asked.append(f"{title} [{suggestion}]")
        return self.place or self.world.to_write(self.chance, self.number, filters)

    def ask_for_file(self, title: str, filters: str) -> Path | None:
        self.asked.append(f"{title} [{filters}]")
        return self.chance.choice([None, *self.world.good, *self.world.bad])

    def ask_for_folder(self, title: str) -> Path | None:
        self.asked.append(title)
        world = self.world
        return self.chance.choice([None, world.out, world.out / "new", world.folder / "nothing_in_it", world.folder / "bad.mrc"])

    def ask_for_colour(self, title: str, colour: str) -> str | None:
        self.asked.append(f"{title} [{colour}]")
        return self.chance.choice([None, *COLOURS])

    def ask_for_figure(self, start: Figure, with_placements: bool) -> Figure | None:
        self.asked.append(f"figure [{with_placements}]")
        return self.chance.choice([None, replace(start, width=120, height=90)])

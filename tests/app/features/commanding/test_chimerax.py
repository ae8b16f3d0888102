"""What is told of names of ChimeraX's is there to be typed."""

from difffit_app.application import Application
from difffit_app.commands.chimerax import CALLED_HERE


def test_what_does_the_same_is_a_command_here(application: Application) -> None:
    verbs = application.commands.verbs
    for name, told in CALLED_HERE.items():
        assert name not in verbs
        assert told.split()[0].rstrip(",") in verbs, told

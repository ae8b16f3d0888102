"""Commands of ChimeraX that have another name here: what does the same, for who types them out of habit."""

CALLED_HERE = {
    "cartoon": "style #2 representation cartoon draws one",
    "delete": "close #2 closes a model, hide #2/A hides a part of one, and split #2 keep A:1-50 out FOLDER makes a model of a part",
    "distance": "measure lets distances be clicked",
    "fitmap": "fit #2 in #1 searches the whole map",
    "lighting": "soft-shadows on, silhouettes on and fog off are entries of the Picture menu",
    "ribbon": "style #2 representation cartoon draws one",
    "stick": "style #2 representation sticks draws them",
    "surface": "style #1 mode surface draws that of a map",
    "transparency": "style #1 opacity 0.5 has half of the light go through",
    "turn": "turn-left, turn-right, turn-up and turn-down turn by 5°, and view front looks from a side",
    "volume": "level #1 0.5 sets the level of a map, and style #1 mode mesh says how it is drawn",
    "zone": "map #1 zone #2 within 8 keeps what is near a model",
}
"""By its name there, what to type here."""

"""Actions of the menus Map and Model."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action, actions_of

_DRAW, _LEVEL, _SLICES, _COLOUR = "&Draw As", "Contour &Level", "Sl&ices", "&Colour"


_map, _model = actions_of("&Map", when.map_chosen), actions_of("M&odel", when.model_chosen)

ACTIONS: tuple[Action, ...] = (
    _map("map_show", "S&how", "Show or hide the selected map", marked=True),
    _map("map_surface", "&Surface", "Draw the selected map as a surface", _DRAW, 0, keys="Ctrl+1", marked=True),
    _map("map_mesh", "&Mesh", "Draw the selected map as a mesh", _DRAW, 0, keys="Ctrl+2", marked=True),
    _map("map_slice", "S&lice", "Draw a slice through the selected map", _DRAW, 0, keys="Ctrl+3", marked=True),
    _map("map_box", "&Box Outline", "Draw the edges of the selected map's box", _DRAW, 0, keys="Ctrl+B", marked=True),
    _map("map_colour", "C&olour …", "Choose the colour of the selected map", _DRAW, 1),
    _map("map_clearer", "More &Transparent", "Let more of what is behind the map through", _DRAW, 1, keys="Ctrl+Alt+["),
    _map("map_denser", "More Opa&que", "Let less of what is behind the map through", _DRAW, 1, keys="Ctrl+Alt+]"),
    _map("map_finer", "&Finer", "Contour more voxels of the selected map", _DRAW, 2),
    _map("map_coarser", "&Coarser", "Contour fewer voxels, quicker to draw", _DRAW, 2),
    _map("map_islands", "Hide Small P&ieces", "Hide pieces of the surface that enclose little", _DRAW, 2),
    _map("level_up", "&Raise Level", "Raise the contour level by a hundredth of the map's range", _LEVEL, keys="Ctrl+]"),
    _map("level_down", "&Lower Level", "Lower the contour level by a hundredth of the map's range", _LEVEL, keys="Ctrl+["),
    _map("level_auto", "&Suggested Level", "Set the level that the map's values suggest", _LEVEL),
    _map("slice_up", "&Next Slice", "Move the slice by a voxel (Ctrl and wheel in the view)", _SLICES, keys="Alt+PgUp"),
    _map("slice_down", "&Previous Slice", "Move the slice back by a voxel", _SLICES, keys="Alt+PgDown"),
    _map("slice_axis", "Slice &Axis", "Cut along the next of x, y and z", _SLICES),
    _map("slice_all", "Slices of All A&xes", "Cut along x, y and z together", _SLICES, marked=True),
    _map("map_edit", "&Edit", "Zone, crop, filter, sharpen, resample or mirror: a working map of this one", "", 1, keys="Ctrl+Shift+E"),
    _model("model_show", "S&how", "Show or hide the selected model", marked=True),
    _model("model_cartoon", "&Cartoon", "Helices as bands, strands as arrows", _DRAW, 0, keys="Ctrl+4", marked=True),
    _model("model_trace", "&Backbone", "A stick from each residue to the next", _DRAW, 0, keys="Ctrl+5", marked=True),
    _model("model_sticks", "&Sticks", "A stick for each bond", _DRAW, 0, keys="Ctrl+6", marked=True),
    _model("model_spheres", "S&pheres", "A sphere for each atom", _DRAW, 0, keys="Ctrl+7", marked=True),
    _model("model_clearer", "More &Transparent", "Let more of what is behind the model through", _DRAW, 1),
    _model("model_denser", "More Opa&que", "Let less of what is behind the model through", _DRAW, 1),
    *(
        _model(f"colour_{name}", f"By {text}", tip, _COLOUR, 0, marked=True)
        for name, text, tip in (
            ("chain", "&Chain", "A colour for each chain"),
            ("structure", "Secondary &Structure", "Helices, strands, and what is neither"),
            ("residue", "&Place in Chain", "From blue at the start of each chain to red at its end"),
            ("b_factor", "&B Factor or pLDDT", "B factors; the confidence of predicted models, as AlphaFold shows it"),
            ("element", "&Element", "Oxygen red, nitrogen blue, carbon as the chain"),
            ("local_fit", "Local &Fit", "How well each residue of the selected placement fits: red badly, blue well"),
        )
    ),
    _model("colour_plain", "&One Colour", "One colour for the whole model", _COLOUR, 1, marked=True),
    _model("model_colour", "Choose the One Colo&ur …", "Choose the one colour of the selected model", _COLOUR, 1),
    _model("model_split", "Sp&lit", "Split the selected model into chains, domains or parts, or trim it", "", 1, keys="Ctrl+Alt+D"),
    _model(
        "model_others",
        "Models in &File …",
        "Choose which of the models that its file holds is the selected one",
        "",
        1,
        when.several_models,
    ),
    _model("model_rename", "&Rename", "Give the selected model another name (F2 in the list)", "", 2),
    _model("model_remove", "Remo&ve", "Close the selected model", "", 2),
)

LAST: tuple[Action, ...] = (
    _map("map_save", "&Save a Copy …", "Write the selected map as a file", "", 2),
    _map("map_command", "Copy Co&mmand Line", "Copy the command line that makes the selected working map", "", 2, when.made_map),
    _map("map_rename", "&Rename", "Give the selected map another name (F2 in the list)", "", 2),
    _map("map_remove", "Remo&ve", "Close the selected map", "", 2),
)
"""Those of the Map menu that stand below what lays maps onto maps."""

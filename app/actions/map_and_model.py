"""Actions of the menus Map and Model."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action("map_show", "&Map", "S&how", "Show or hide the selected map", "", "", 0, False, when.map_chosen, True),
    Action("map_surface", "&Map", "&Surface", "Draw the selected map as a surface", "Ctrl+1", "", 1, False, when.map_chosen, True),
    Action("map_mesh", "&Map", "&Mesh", "Draw the selected map as a mesh", "Ctrl+2", "", 1, False, when.map_chosen, True),
    Action("map_slice", "&Map", "S&lice", "Draw a slice through the selected map", "Ctrl+3", "", 1, False, when.map_chosen, True),
    Action("map_box", "&Map", "&Box Outline", "Draw the edges of the selected map's box", "Ctrl+B", "", 1, False, when.map_chosen, True),
    Action(
        "level_up",
        "&Map",
        "&Raise Level",
        "Raise the contour level by a hundredth of the map's range",
        "Ctrl+]",
        "",
        2,
        False,
        when.map_chosen,
    ),
    Action(
        "level_down",
        "&Map",
        "Lo&wer Level",
        "Lower the contour level by a hundredth of the map's range",
        "Ctrl+[",
        "",
        2,
        False,
        when.map_chosen,
    ),
    Action("level_auto", "&Map", "Su&ggested Level", "Set the level that the map's values suggest", "", "", 2, False, when.map_chosen),
    Action(
        "slice_up",
        "&Map",
        "&Next Slice",
        "Move the slice by a voxel (Ctrl and wheel in the view)",
        "Alt+PgUp",
        "",
        3,
        False,
        when.map_chosen,
    ),
    Action("slice_down", "&Map", "&Previous Slice", "Move the slice back by a voxel", "Alt+PgDown", "", 3, False, when.map_chosen),
    Action("slice_axis", "&Map", "Slice &Axis", "Cut along the next of x, y and z", "", "", 3, False, when.map_chosen),
    Action("slice_all", "&Map", "Slices of All A&xes", "Cut along x, y and z together", "", "", 3, False, when.map_chosen, True),
    Action("map_finer", "&Map", "&Finer", "Contour more voxels of the selected map", "", "", 4, False, when.map_chosen),
    Action("map_coarser", "&Map", "&Coarser", "Contour fewer voxels, quicker to draw", "", "", 4, False, when.map_chosen),
    Action(
        "map_islands", "&Map", "Hide Small P&ieces …", "Hide pieces of the surface that enclose little", "", "", 4, False, when.map_chosen
    ),
    Action("map_colour", "&Map", "C&olour …", "Choose the colour of the selected map", "", "", 5, False, when.map_chosen),
    Action(
        "map_clearer",
        "&Map",
        "More &Transparent",
        "Let more of what is behind the map through",
        "Ctrl+Alt+[",
        "",
        5,
        False,
        when.map_chosen,
    ),
    Action("map_denser", "&Map", "More Opa&que", "Let less of what is behind the map through", "Ctrl+Alt+]", "", 5, False, when.map_chosen),
    Action(
        "map_edit",
        "&Map",
        "E&dit …",
        "Zone, crop, filter, sharpen, resample or mirror: a working map of this one",
        "Ctrl+Shift+E",
        "",
        6,
        False,
        when.map_chosen,
    ),
    Action("map_save", "&Map", "Save a Cop&y …", "Write the selected map as a file", "", "", 6, False, when.map_chosen),
    Action(
        "map_command",
        "&Map",
        "Copy Co&mmand Line",
        "Copy the command line that makes the selected working map",
        "",
        "",
        6,
        False,
        when.made_map,
    ),
    Action("map_rename", "&Map", "R&ename …", "Give the selected map another name (F2 in the list)", "", "", 6, False, when.map_chosen),
    Action("map_remove", "&Map", "Remo&ve", "Close the selected map", "", "", 6, False, when.map_chosen),
    Action("model_show", "M&odel", "S&how", "Show or hide the selected model", "", "", 0, False, when.model_chosen, True),
    Action("model_cartoon", "M&odel", "&Cartoon", "Helices as bands, strands as arrows", "Ctrl+4", "", 1, False, when.model_chosen, True),
    Action("model_trace", "M&odel", "&Backbone", "A stick from each residue to the next", "Ctrl+5", "", 1, False, when.model_chosen, True),
    Action("model_sticks", "M&odel", "S&ticks", "A stick for each bond", "Ctrl+6", "", 1, False, when.model_chosen, True),
    Action("model_spheres", "M&odel", "S&pheres", "A sphere for each atom", "Ctrl+7", "", 1, False, when.model_chosen, True),
    *(
        Action(f"colour_{name}", "M&odel", f"Colour by {text}", tip, "", "", 2, False, when.model_chosen, True)
        for name, text, tip in (
            ("chain", "C&hain", "A colour for each chain"),
            ("structure", "Secondary St&ructure", "Helices, strands, and what is neither"),
            ("residue", "Pl&ace in Chain", "From blue at the start of each chain to red at its end"),
            ("b_factor", "B &Factor or pLDDT", "B factors; the confidence of predicted models, as AlphaFold shows it"),
            ("element", "&Element", "Oxygen red, nitrogen blue, carbon as the chain"),
            ("plain", "O&ne Colour", "One colour for the whole model"),
            ("local_fit", "Local F&it", "How well each residue of the selected placement fits: red badly, blue well"),
        )
    ),
    Action(
        "model_colour", "M&odel", "Choose Colo&ur …", "Choose the one colour of the selected model", "", "", 3, False, when.model_chosen
    ),
    Action(
        "model_clearer", "M&odel", "&More Transparent", "Let more of what is behind the model through", "", "", 3, False, when.model_chosen
    ),
    Action("model_denser", "M&odel", "More Opa&que", "Let less of what is behind the model through", "", "", 3, False, when.model_chosen),
    Action(
        "model_rename", "M&odel", "Rename …", "Give the selected model another name (F2 in the list)", "", "", 4, False, when.model_chosen
    ),
    Action(
        "model_others",
        "M&odel",
        "Models in &File …",
        "Choose which of the models that its file holds is the selected one",
        "",
        "",
        4,
        False,
        when.several_models,
    ),
    Action("model_remove", "M&odel", "Remo&ve", "Close the selected model", "", "", 4, False, when.model_chosen),
)

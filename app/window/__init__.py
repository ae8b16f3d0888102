"""The frame of the window: menus, tools, docks, notices and dialogs. Features put themselves into it."""

"""Triangle meshes of atomic models in plain numpy, built off the GUI thread. Start reading at `build.build_model_mesh`."""

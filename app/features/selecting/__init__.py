"""Selecting residues and chains: in 3D, in the sequences under the views, and what is done with what is selected."""

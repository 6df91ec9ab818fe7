"""Every SELECT, by noun, scoped to the viewer: what a viewer may not see does not exist for them."""

"""The web interface: pages for people, on top of the services."""

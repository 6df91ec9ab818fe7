"""Literature in and out: importers of bibliographic files and AMA references. No database, no network."""

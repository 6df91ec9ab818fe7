"""Alembic migrations, numbered and named; run through :mod:`inquiry_service.migrations.run`."""

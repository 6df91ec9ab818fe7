"""Alembic's entry: connects with the product's own engine, so that migrations run under the same settings."""

from __future__ import annotations

from alembic import context

import inquiry_service.models  # noqa: F401 - importing it registers the tables
from inquiry_service.db import Base, create_engine_for


def run() -> None:
    """Run the pending migrations in one transaction."""
    engine = create_engine_for(context.config.attributes["url"])
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                compare_type=True,
                render_as_batch=False,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()

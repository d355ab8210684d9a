"""Alembic's entry: migrates the connection that db.schema hands over, inside its transaction."""

from alembic import context

from db.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()

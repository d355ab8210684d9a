"""How good or bad a video feels on seven points, and how sure its annotator is of the rating."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("emotion_rating", sa.Column("valence", sa.Integer(), nullable=True))
    op.add_column("emotion_rating", sa.Column("confidence", sa.Double(), nullable=True))

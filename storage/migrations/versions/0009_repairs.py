"""Stations, areas, rotas; the repair register, agreements, links, custody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('station',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=40), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station')),
    sa.UniqueConstraint('name', name=op.f('uq_station_name'))
    )
    op.create_table('area',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('estates', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_area_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('name', name=op.f('uq_area_name'))
    )
    op.create_table('duty',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_duty_area_id_area')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_duty_until', ['until'], unique=False)

    op.create_table('callout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('rung', sa.String(length=16), nullable=False),
    sa.Column('how', sa.String(length=8), nullable=False),
    sa.Column('outbox_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=12), server_default='', nullable=False),
    sa.Column('why', sa.String(length=200), server_default='', nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_callout_case_id_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_callout_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callout'))
    )
    with op.batch_alter_table('callout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_callout_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_callout_person_id'), ['person_id'], unique=False)

    op.create_table('job',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default='0', nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('phone', sa.String(length=40), server_default='', nullable=False),
    sa.Column('place', sa.String(length=8), nullable=False),
    sa.Column('trade', sa.String(length=12), server_default='other', nullable=False),
    sa.Column('urgent', sa.String(length=20), server_default='', nullable=False),
    sa.Column('paid', sa.Boolean(), nullable=True),
    sa.Column('technician_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_job_area_id_area')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_job_case_id_case')),
    sa.ForeignKeyConstraint(['technician_id'], ['person.id'], name=op.f('fk_job_technician_id_person')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_job')),
    sa.UniqueConstraint('station_id', 'day', 'nth', name=op.f('uq_job_station_id_day_nth'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_area_id'), ['area_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_technician_id'), ['technician_id'], unique=False)
        batch_op.create_index('ix_job_unit', ['unit_id', 'trade'], unique=False)

    op.create_table('link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('mode', sa.String(length=10), server_default='own', nullable=False),
    sa.Column('once', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('content_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submission', sa.String(length=64), server_default='', nullable=False),
    sa.Column('session', sa.String(length=64), server_default='', nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('place', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_link_by_id_person')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_link_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_link_token_hash'))
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_case_id'), ['case_id'], unique=False)

    op.create_table('thing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('what', sa.String(length=200), server_default='', nullable=False),
    sa.Column('amount', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('holder_kind', sa.String(length=8), nullable=False),
    sa.Column('holder', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('rev', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archive', sa.String(length=60), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_thing_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thing')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_thing_kind_number'))
    )
    with op.batch_alter_table('thing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thing_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_thing_holder', ['holder_kind', 'holder'], unique=False)

    op.create_table('agreement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('link_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), server_default='', nullable=False),
    sa.Column('relation', sa.String(length=12), server_default='', nullable=False),
    sa.Column('picture', sa.String(length=64), server_default='', nullable=False),
    sa.Column('picture_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('strokes', sa.JSON(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_agreement_case_id_case')),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], name=op.f('fk_agreement_link_id_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_case_id'), ['case_id'], unique=False)

    op.create_table('handover',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
    sa.Column('thing_id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('giver_kind', sa.String(length=8), nullable=False),
    sa.Column('giver', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('receiver_kind', sa.String(length=8), nullable=False),
    sa.Column('receiver', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('batch', sa.String(length=60), server_default='', nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted', sa.BigInteger(), nullable=True),
    sa.Column('difference', sa.BigInteger(), nullable=True),
    sa.Column('refused', sa.String(length=200), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['thing_id'], ['thing.id'], name=op.f('fk_handover_thing_id_thing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index('ix_handover_receiver', ['receiver_kind', 'receiver'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_thing_id'), ['thing_id'], unique=False)
        batch_op.create_index('uq_handover_open', ['thing_id'], unique=True, sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))


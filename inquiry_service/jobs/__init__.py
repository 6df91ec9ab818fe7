"""The worker: takes jobs from the outbox and does what has to happen outside the database."""

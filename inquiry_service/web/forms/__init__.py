"""Forms, a module per noun: which fields an action takes, and what can be said about them without a database."""

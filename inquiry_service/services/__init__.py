"""Use cases: the only code that changes state. Each takes (session, actor, ...) and records audit."""

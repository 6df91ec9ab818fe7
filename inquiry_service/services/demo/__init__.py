"""The demonstration: a fictional company, accounts named by role, a library, inquiries in every state."""

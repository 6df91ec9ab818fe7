"""Rules: vocabulary, permissions, workflow, compliance, balance, signing, audit tree. No I/O, no framework."""

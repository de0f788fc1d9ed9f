"""Everything kept: tables, the one writer, inbox and outbox, files and the log."""

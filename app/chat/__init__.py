"""Questions, streamed answers, evidence."""

//! One table of calls and verdicts, for every way to put bailiwick in front of a tool.

//! One instance, and how the command line talks to it.

//! Lock, unlock, sleep, wake, log-out.

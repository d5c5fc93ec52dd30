//! glibc: what a burst of work freed stays with the process, for the next burst that hardly comes.

/// Threads share one heap: otherwise each of those that come and go would be given its own, which stays. Before there is a second thread.
pub fn share() {
    // SAFETY: sets a number of the allocator under the allocator's own lock, and has no other condition.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}

/// Gives free pages back to the system. Takes well under a millisecond with the few that we have; on any thread.
pub fn give_back() {
    // SAFETY: takes the allocator's own locks, touches only memory that nobody has allocated, and has no other condition.
    unsafe { libc::malloc_trim(0) };
}

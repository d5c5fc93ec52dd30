//! The two clocks, and a timer that also wakes when the wall clock jumps.

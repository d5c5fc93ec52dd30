//! Terminals here are left as they are: what is typed is seen.

/// Nothing is hidden yet.
pub(in crate::cli) struct Hidden;

impl Hidden {
    /// `None`: it cannot be hidden.
    pub(in crate::cli) fn begin() -> Option<Self> {
        None
    }
}

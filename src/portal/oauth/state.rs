//! What ties the answer of the browser to the question: random, told to nobody but the portal, compared without telling how much of it is right.

use std::{fmt, hint::black_box, io};

use rustls::crypto::ring;

/// One sign-in's.
pub struct State(String);

impl State {
    /// From the random source of the operating system, 128 bits of it.
    pub fn new() -> io::Result<Self> {
        let mut bytes = [0; 16];
        ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| io::Error::other("the system has no random numbers"))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Takes as long for one that differs in the first letter as for one that differs in the last.
    pub fn is(&self, other: &str) -> bool {
        let (ours, other) = (self.0.as_bytes(), other.as_bytes());
        let difference = ours.iter().zip(other).fold(0, |difference, (one, two)| black_box(difference | (one ^ two)));
        ours.len() == other.len() && difference == 0
    }
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("State")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_in_has_another_one() {
        let (one, two) = (State::new().unwrap(), State::new().unwrap());
        assert_eq!(one.text().len(), 32);
        assert!(one.is(one.text()) && !one.is(two.text()));
    }

    #[test]
    fn nothing_but_the_whole_of_it_is_right() {
        let state = State("0123456789abcdef".to_owned());
        for wrong in ["", "0", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeF", "1123456789abcdef"] {
            assert!(!state.is(wrong), "{wrong}");
        }
    }
}

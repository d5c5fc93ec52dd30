//! Is somebody at the keyboard: the sources, in the order in which they are believed.

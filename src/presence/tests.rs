//! Stories in virtual time, one for each rule of the product.

//! OAuth 2.0 as Bitrix24 has it: a local application of one portal, a code that lives 30 seconds, a pair of tokens that is renewed.
//!
//! No PKCE and no device flow: Bitrix24 has neither. Nothing is listened to, stored or decided here.
//!
//! <https://apidocs.bitrix24.com/settings/oauth/index.html>

mod application;
mod grant;
mod redirect;
mod server;
mod site;
mod state;
mod token;

pub use application::{Application, ApplicationError};
pub use grant::Grant;
pub use redirect::{Redirect, RedirectError};
pub use server::{Server, UnknownServer};
pub use site::Site;
pub use state::State;
pub(super) use token::{exchange, renew};

//! Why a call to a portal failed, sorted by what can be done about it.

use std::time::SystemTime;

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It may work by itself later.
    Later(Later),
    /// Only the person, or their administrator, can change it.
    Ask(Ask),
    /// It will not work with this version against this portal.
    GiveUp(GiveUp),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Later {
    /// The request certainly did not reach the portal: no network, no such host, connection refused.
    Unreachable,
    /// The request was sent, the answer did not come: time-out, reset, cut off.
    NoAnswer,
    /// The portal answered that it is in trouble (5xx and the codes that go with it).
    ServerTrouble,
    /// Something answered that is not Bitrix24's REST: a captive portal, a proxy, a maintenance page.
    UnexpectedPage,
    /// Too many requests, or the method's time is used up. Nothing was done.
    TooBusy {
        /// When the portal says that calls are welcome again.
        until: Option<SystemTime>,
    },
    /// The authorization server cannot be reached, by the portal or by us, or is in trouble.
    NoAuthorizationServer,
    /// The sign-in has to be renewed, and the keyring cannot take what comes of it: locked, or not there. Nothing was sent.
    NoKeyring,
    /// Deleted, or closed for maintenance (`PORTAL_DELETED`): look again rarely.
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The webhook is wrong, deleted, expired or was edited by an administrator.
    CredentialRefused,
    /// The person was dismissed or blocked on the portal.
    Dismissed,
    /// The credential now acts for another user than the one who signed in.
    AnotherPerson,
    /// The scope `im` is not ticked.
    ScopeMissing,
    /// The portal's plan has no REST, or the subscription ended.
    PlanWithoutRest,
    /// The portal refuses this user the use of REST.
    AccessDenied,
    /// The application was removed from the portal.
    ApplicationRemoved,
    /// The tokens are not renewed any more: too old, used, or taken back. Only a new sign-in in the browser helps.
    SignInExpired,
    /// The application's id or secret is not accepted.
    ApplicationRefused,
    /// The scope `im` is not ticked in the application's card.
    ApplicationWithoutChat,
    /// Requests of this account are blocked by the provider's staff (`OVERLOAD_LIMIT`).
    BlockedByProvider,
    /// The portal wants https.
    HttpsRequired,
    /// The portal redirects to another site; the secret was not sent there.
    Moved { to: String },
    /// The certificate of the portal is not trusted by this machine.
    UntrustedCertificate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GiveUp {
    /// The portal does not know the method: too old, or the module is off.
    MethodMissing,
    /// The portal refused the request as malformed: a fault of ours. Holds the portal's code.
    OurFault { code: String },
}

impl Failure {
    /// Whether the portal may have carried out the request all the same.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Later(later) => match later {
                Later::NoAnswer | Later::ServerTrouble | Later::UnexpectedPage => true,
                Later::Unreachable | Later::TooBusy { .. } | Later::NoAuthorizationServer | Later::NoKeyring | Later::Closed => false,
            },
            Self::Ask(_) | Self::GiveUp(_) => false,
        }
    }
}

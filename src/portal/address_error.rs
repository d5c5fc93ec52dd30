//! Why a text is not the address that was asked for, and what to do about it. It holds nothing of the text.

use std::{error, fmt};

use crate::text::Texts;

/// Why a text is not the address of an inbound webhook. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    Empty,
    /// One word without dots and slashes: a code, or the token of an outbound webhook.
    LoneCode,
    NoScheme,
    PlainHttp,
    OtherScheme,
    NotAnAddress,
    /// `https://somebody:something@host/`
    WithPassword,
    /// More text than anybody pastes for an address.
    TooLong,
    /// A text without an address in it.
    NoAddress,
    /// One word that may be the beginning of a portal's name.
    BareName,
    Email,
    /// A page of Bitrix24 for everybody, not of a portal.
    VendorSite,
    SeveralPortals,
    SeveralWebhooks,
    /// The settings of one inbound webhook, ours or somebody else's.
    WebhookPage,
    /// The page on which an outbound webhook is made.
    OutgoingWebhook,
    /// The page on which an inbound webhook is made.
    PortalPage,
    NoRest,
    NoCode,
    /// Asterisks or dots instead of the code.
    HiddenCode,
    UnreadableCode,
}

impl AddressError {
    pub const ALL: [Self; 21] = [
        Self::Empty,
        Self::LoneCode,
        Self::NoScheme,
        Self::PlainHttp,
        Self::OtherScheme,
        Self::NotAnAddress,
        Self::WithPassword,
        Self::TooLong,
        Self::NoAddress,
        Self::BareName,
        Self::Email,
        Self::VendorSite,
        Self::SeveralPortals,
        Self::SeveralWebhooks,
        Self::WebhookPage,
        Self::OutgoingWebhook,
        Self::PortalPage,
        Self::NoRest,
        Self::NoCode,
        Self::HiddenCode,
        Self::UnreadableCode,
    ];

    /// One sentence with the remedy.
    pub fn say(self, texts: &Texts) -> String {
        texts.say(self.key())
    }

    /// The message in the catalogues.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "address-empty",
            Self::LoneCode => "address-lone-code",
            Self::NoScheme => "address-no-scheme",
            Self::PlainHttp => "address-plain-http",
            Self::OtherScheme => "address-other-scheme",
            Self::NotAnAddress => "address-not-an-address",
            Self::WithPassword => "address-with-password",
            Self::TooLong => "address-too-long",
            Self::NoAddress => "address-none",
            Self::BareName => "address-bare-name",
            Self::Email => "address-email",
            Self::VendorSite => "address-vendor-site",
            Self::SeveralPortals => "address-several-portals",
            Self::SeveralWebhooks => "address-several-webhooks",
            Self::WebhookPage => "address-webhook-page",
            Self::OutgoingWebhook => "address-outgoing-webhook",
            Self::PortalPage => "address-portal-page",
            Self::NoRest => "address-no-rest",
            Self::NoCode => "address-no-code",
            Self::HiddenCode => "address-hidden-code",
            Self::UnreadableCode => "address-unreadable-code",
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not the address that was asked for ({})", self.key())
    }
}

impl error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn each_reason_has_its_sentence_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let mut sentences: Vec<String> = AddressError::ALL.iter().map(|reason| reason.say(&texts)).collect();
            assert!(
                sentences.iter().all(|sentence| !sentence.starts_with("address-") && sentence.ends_with(['.', '@', '/'])),
                "{sentences:?}"
            );
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), AddressError::ALL.len());
        }
    }
}

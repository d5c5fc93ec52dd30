//! What a person pastes to sign in: the address of a webhook or of a portal, by itself or somewhere in a text. Pure.
//!
//! Understood where the meaning is clear, and refused with the remedy where it is not. The text may hold a secret: nothing of it is kept
//! but what is handed back, and no error has anything of it.

use percent_encoding::percent_decode_str;
use reqwest::Url;
use secrecy::{ExposeSecret, zeroize::Zeroizing};

use super::{
    AddressError, PortalAddress, UserPart, Webhook,
    host_name::with_ascii_host,
    portal_address::{is_known_page, is_of_the_vendor},
    webhook::is_loopback,
};

/// What was meant.
#[derive(Debug, Clone)]
pub enum Pasted {
    /// Nothing more is needed to sign in.
    Webhook(Webhook),
    Portal(PortalAddress),
}

/// Of several addresses in a text a webhook counts more than a portal, and a portal of the cloud more than another site.
pub fn pasted(text: &str) -> Result<Pasted, AddressError> {
    if text.len() > LONGEST {
        return Err(AddressError::TooLong);
    }
    let text = Zeroizing::new(legible(text));
    let words = words(&text);
    let mut found = Found::default();
    for (place, word) in words.iter().enumerate() {
        for address in addresses(word) {
            found.add(read_on(&address, &words[place + 1..], words.len() == 1));
        }
    }
    match found.verdict() {
        Err(error @ (AddressError::NoAddress | AddressError::NotAnAddress | AddressError::VendorSite)) => broken_name(&text).ok_or(error),
        verdict => verdict,
    }
}

/// Where only a webhook is of use.
pub fn pasted_webhook(text: &str) -> Result<Webhook, AddressError> {
    match pasted(text) {
        Ok(Pasted::Webhook(webhook)) => Ok(webhook),
        // The page on which webhooks are made has a sentence of its own.
        Ok(Pasted::Portal(_)) => {
            Err(Webhook::parse(text).err().filter(|error| *error == AddressError::PortalPage).unwrap_or(AddressError::NoRest))
        }
        Err(AddressError::NoAddress) if legible(text).trim().is_empty() => Err(AddressError::Empty),
        Err(AddressError::NoAddress | AddressError::BareName) => Err(AddressError::NoScheme),
        Err(AddressError::SeveralPortals | AddressError::Email | AddressError::VendorSite) => Err(AddressError::NoRest),
        Err(error) => Err(error),
    }
}

/// Where only a portal is of use; a webhook is on one.
pub fn pasted_portal(text: &str) -> Result<PortalAddress, AddressError> {
    match pasted(text)? {
        Pasted::Portal(portal) => Ok(portal),
        Pasted::Webhook(webhook) => PortalAddress::of_webhook(&webhook).ok_or(AddressError::NotAnAddress),
    }
}

/// A mail fits in; a document does not, and would take a second to be looked through.
const LONGEST: usize = 16 * 1024;

/// A code broken by a line may be in so many words after the first one.
const PIECES: usize = 2;

/// A longer word is not looked at for the rest of an address.
const LONGEST_PIECE: usize = 1024;

/// What codes look like, so far: sixteen letters and digits.
const USUAL_CODE: usize = 16;

/// An address as it stands in a text.
struct Address<'a> {
    scheme: Scheme,
    /// Host and all that follows.
    rest: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    None,
    Http,
    Https,
    Other,
}

/// What one address turned out to be.
enum Sense {
    Webhook(Webhook),
    Portal(PortalAddress),
    /// Somebody meant a webhook, and this is why it is of no use.
    Spoilt(AddressError),
    /// No portal, or no address; in a longer text it does not count.
    Senseless(AddressError),
}

#[derive(Default)]
struct Found {
    webhooks: Vec<Webhook>,
    portals: Vec<PortalAddress>,
    spoilt: Option<AddressError>,
    senseless: Option<AddressError>,
}

impl Found {
    fn add(&mut self, sense: Sense) {
        match sense {
            Sense::Webhook(webhook) => {
                let same = |known: &Webhook| known.secret().expose_secret() == webhook.secret().expose_secret();
                if !self.webhooks.iter().any(same) {
                    self.webhooks.push(webhook);
                }
            }
            Sense::Portal(portal) if self.portals.contains(&portal) => {}
            Sense::Portal(portal) => self.portals.push(portal),
            Sense::Spoilt(error) => self.spoilt = self.spoilt.or(Some(error)),
            Sense::Senseless(error) => self.senseless = self.senseless.or(Some(error)),
        }
    }

    fn verdict(&self) -> Result<Pasted, AddressError> {
        // A page of some manual may look like the webhook of somebody with a login name.
        let by_number: Vec<&Webhook> = self.webhooks.iter().filter(|webhook| matches!(webhook.user(), UserPart::Id(_))).collect();
        match (by_number.as_slice(), self.webhooks.as_slice()) {
            ([webhook], _) => return Ok(Pasted::Webhook((*webhook).clone())),
            ([], [webhook]) => return Ok(Pasted::Webhook(webhook.clone())),
            ([], []) => {}
            _ => return Err(AddressError::SeveralWebhooks),
        }
        if let Some(error) = self.spoilt {
            return Err(error);
        }
        let in_the_cloud: Vec<&PortalAddress> = self.portals.iter().filter(|portal| portal.is_in_the_cloud()).collect();
        match (in_the_cloud.as_slice(), self.portals.as_slice()) {
            ([portal], _) => Ok(Pasted::Portal((*portal).clone())),
            ([], [portal]) => Ok(Pasted::Portal(portal.clone())),
            ([], []) => Err(self.senseless.unwrap_or(AddressError::NoAddress)),
            _ => Err(AddressError::SeveralPortals),
        }
    }
}

/// Without the characters that nobody sees, and with one kind of blank and of slash.
fn legible(text: &str) -> String {
    let seen = text.chars().filter(|letter| !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    seen.map(|letter| match letter {
        '\\' => '/',
        letter if letter.is_control() || letter.is_whitespace() => ' ',
        letter => letter,
    })
    .collect()
}

/// What stands between blanks, quotes and brackets, such as HTML and Markdown have them; those around an IPv6 address stay.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut host_ends) = (0, 0);
    for (at, letter) in text.char_indices() {
        if letter == '['
            && let Some(length) = ipv6(&text[at + 1..])
        {
            host_ends = at + length + 2;
        }
        if at >= host_ends && " \"'`<>()[]{}|«»„“”‘’,;".contains(letter) {
            words.push(&text[start..at]);
            start = at + letter.len_utf8();
        }
    }
    words.push(&text[start..]);
    words.into_iter().map(unadorned).filter(|word| !word.is_empty()).collect()
}

/// The length of an IPv6 address before a closing bracket.
fn ipv6(text: &str) -> Option<usize> {
    const LONGEST: usize = 45;
    let (end, _) = text.char_indices().take(LONGEST + 1).find(|(_, letter)| *letter == ']')?;
    text[..end].parse::<std::net::Ipv6Addr>().ok().map(|_| end)
}

/// Without the end of a sentence, and without the stars of Markdown, which stand on both sides or are a hidden code.
fn unadorned(word: &str) -> &str {
    let word = word.trim_end_matches(['.', ':', '!', '?']);
    let bare = word.trim_start_matches(['*', '_', '~']);
    let stars = word.len() - bare.len();
    if stars > 0 && !bare.is_empty() { bare.trim_end_matches(['*', '_', '~', '.']) } else { word }
}

/// Most words have one address or none. What stands before a scheme (`WEBHOOK=`, a link that leads on) does not belong to it.
fn addresses(word: &str) -> Vec<Address<'_>> {
    let lower = word.to_ascii_lowercase();
    let mut starts: Vec<usize> = ["http://", "https://"].iter().flat_map(|scheme| lower.match_indices(scheme)).map(|(at, _)| at).collect();
    starts.sort_unstable();
    if starts.is_empty() {
        return vec![Address::of(word)];
    }
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| Address::of(&word[*start..end])).collect()
}

impl<'a> Address<'a> {
    /// `https:/` and `https//` are meant as what they nearly are.
    fn of(text: &'a str) -> Self {
        let written = text.find([':', '/']).unwrap_or(text.len());
        let after = text[written..].trim_start_matches([':', '/']);
        let marks = text.len() - written - after.len();
        let scheme = match text[..written].to_ascii_lowercase().as_str() {
            "https" if marks > 1 => Scheme::Https,
            "http" if marks > 1 => Scheme::Http,
            _ if text.contains("://") => Scheme::Other,
            _ => Scheme::None,
        };
        let rest = if scheme == Scheme::None { text.trim_start_matches('/') } else { after };
        // An entity of HTML is the end; in a query it may stand.
        let end = rest.find(['&', '?']).filter(|at| rest[*at..].starts_with('&')).unwrap_or(rest.len());
        Self { scheme, rest: &rest[..end] }
    }

    /// `alone`: nothing else was pasted, so that it must be meant.
    fn read(&self, alone: bool) -> Sense {
        match self.scheme {
            Scheme::Other => return Sense::Senseless(AddressError::OtherScheme),
            Scheme::None if !self.is_like_a_host(alone) => return Sense::Senseless(self.no_host(alone)),
            Scheme::None | Scheme::Http | Scheme::Https => {}
        }
        let Ok(mut address) = Url::parse(&with_ascii_host(&format!("https://{}", self.rest))) else {
            return Sense::Senseless(AddressError::NotAnAddress);
        };
        let plain = match self.scheme {
            Scheme::None => is_loopback(&address),
            Scheme::Http => true,
            Scheme::Https | Scheme::Other => false,
        };
        if plain {
            let Ok(plain) = Url::parse(&with_ascii_host(&format!("http://{}", self.rest))) else {
                return Sense::Senseless(AddressError::NotAnAddress);
            };
            address = plain;
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Sense::Spoilt(AddressError::WithPassword);
        }
        let segments: Vec<&str> = address.path().split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            segments if segments.contains(&"rest") => match Webhook::parse(address.as_str()) {
                Ok(webhook) => Sense::Webhook(webhook),
                Err(error) => Sense::Spoilt(error),
            },
            [.., "out-hook", _] | [.., "out-hook"] | [.., "hook", "event", _] => Sense::Spoilt(AddressError::OutgoingWebhook),
            [.., "in-hook", number] | [.., "hook", "ap", number] if *number != "0" => Sense::Spoilt(AddressError::WebhookPage),
            _ => self.portal(address, alone),
        }
    }

    fn portal(&self, mut address: Url, alone: bool) -> Sense {
        let host = address.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
        let nameless = !host.contains(['.', ':']) && !alone && host != "localhost";
        if host.is_empty() || nameless || address.set_host(Some(&host)).is_err() {
            return Sense::Senseless(AddressError::NotAnAddress);
        }
        if is_of_the_vendor(&host) {
            return Sense::Senseless(AddressError::VendorSite);
        }
        if address.scheme() == "http" && !is_loopback(&address) {
            // Nothing secret is in it, so https can be meant; at a port of plain http there is none.
            if address.port().is_some() {
                return Sense::Spoilt(AddressError::PlainHttp);
            }
            return Url::parse(&address.as_str().replacen("http", "https", 1)).map_or(Sense::Senseless(AddressError::NotAnAddress), portal);
        }
        let known = self.scheme != Scheme::None || alone || is_known_page(&address);
        match portal(address) {
            // A text has many words with a dot in them.
            Sense::Portal(portal) if !known && !portal.is_in_the_cloud() => Sense::Senseless(AddressError::NoAddress),
            sense @ (Sense::Portal(_) | Sense::Webhook(_) | Sense::Spoilt(_) | Sense::Senseless(_)) => sense,
        }
    }

    /// Without a scheme a word is an address only if its beginning could be nothing else.
    fn is_like_a_host(&self, alone: bool) -> bool {
        let host = self.rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.starts_with('[') {
            return alone;
        }
        let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
        let name = name.trim_end_matches('.');
        let labels_are_fine = name
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_'));
        let port_is_fine = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()));
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_name = name.contains('.') && last.chars().count() > 1 && (last.chars().all(char::is_alphabetic) || last.starts_with("xn--"));
        let is_known = is_name || name.parse::<std::net::Ipv4Addr>().is_ok() || name == "localhost" || (alone && port.is_some());
        labels_are_fine && port_is_fine && is_known
    }

    /// What to say of a word that is all that was pasted.
    fn no_host(&self, alone: bool) -> AddressError {
        let hidden = |letter: char| "*•●…".contains(letter);
        let in_name = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        let host = self.rest.split(['/', '?', '#']).next().unwrap_or_default();
        match self.rest {
            _ if host.contains('@') => AddressError::Email,
            _ if !alone => AddressError::NoAddress,
            word if percent_decode_str(word).decode_utf8_lossy().contains(hidden) => AddressError::HiddenCode,
            word if word.chars().all(in_name) && is_like_a_code(word) => AddressError::LoneCode,
            word if word.chars().all(in_name) => AddressError::BareName,
            _ if host.chars().all(in_name) => AddressError::NoScheme,
            _ => AddressError::NoAddress,
        }
    }
}

fn portal(address: Url) -> Sense {
    PortalAddress::of(&address).map_or(Sense::Senseless(AddressError::NotAnAddress), Sense::Portal)
}

/// Reads an address together with the next words, if that makes a webhook out of what is none: a line was broken.
fn read_on(address: &Address<'_>, next: &[&str], alone: bool) -> Sense {
    let sense = address.read(alone);
    let needed = match &sense {
        Sense::Webhook(webhook) if webhook.code().len() < USUAL_CODE => USUAL_CODE..=USUAL_CODE,
        Sense::Webhook(_) | Sense::Senseless(_) => return sense,
        Sense::Spoilt(AddressError::NoCode | AddressError::UnreadableCode) | Sense::Portal(_) => 8..=64,
        Sense::Spoilt(_) => return sense,
    };
    // A mail that is sent as quoted-printable ends its lines so.
    let mut joined = Zeroizing::new(address.rest.trim_end_matches('=').to_owned());
    for word in next.iter().take(PIECES).take_while(|word| word.len() < LONGEST_PIECE) {
        joined.push_str(word.trim_end_matches('='));
        let whole = Address { scheme: address.scheme, rest: &joined };
        match whole.read(false) {
            Sense::Webhook(webhook) if needed.contains(&webhook.code().len()) && is_like_a_code(webhook.code()) => {
                return Sense::Webhook(webhook);
            }
            Sense::Webhook(_) | Sense::Portal(_) | Sense::Spoilt(_) | Sense::Senseless(_) => {}
        }
    }
    sense
}

/// `acme .bitrix24.com`: two pieces, and nothing else was pasted.
fn broken_name(text: &str) -> Option<Pasted> {
    let pieces: Vec<&str> = text.split(' ').filter(|piece| !piece.is_empty()).collect();
    let joined = Zeroizing::new((pieces.len() == 2).then(|| pieces.concat())?);
    match Address::of(unadorned(&joined)).read(true) {
        Sense::Portal(portal) if portal.is_in_the_cloud() => Some(Pasted::Portal(portal)),
        Sense::Portal(_) | Sense::Webhook(_) | Sense::Spoilt(_) | Sense::Senseless(_) => None,
    }
}

/// More than a word of a language.
fn is_like_a_code(word: &str) -> bool {
    word.len() >= 8 && word.bytes().all(|letter| letter.is_ascii_alphanumeric()) && word.bytes().any(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests;

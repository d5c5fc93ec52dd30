//! Which certificates are believed: those of the operating system's store, and those of one more file. There is no way to believe all.

use std::{
    error, fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    client::{Resumption, danger::ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use super::self_signed::OrNamedByHand;
use crate::text::Texts;

/// What is trusted besides the operating system's store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Trust {
    /// PEM; for on-premise portals with a certificate authority of their own.
    pub ca_file: Option<PathBuf>,
}

impl Trust {
    /// Whether the file can be used.
    pub fn check(&self) -> Result<(), TrustError> {
        self.extra_roots().map(drop)
    }

    /// The certificates of the file. The store of the system is not read here: that takes longer than the start of the app may.
    pub(super) fn extra_roots(&self) -> Result<Vec<CertificateDer<'static>>, TrustError> {
        self.ca_file.as_deref().map_or_else(|| Ok(Vec::new()), read)
    }
}

/// Why the extra file cannot be used.
#[derive(Debug)]
pub enum TrustError {
    Missing {
        file: PathBuf,
    },
    Unreadable {
        file: PathBuf,
        source: io::Error,
    },
    /// Readable, and not a single certificate in it: DER instead of PEM, a key, something else.
    NoCertificate {
        file: PathBuf,
    },
    /// Something in it says that it is a certificate, and is none.
    Damaged {
        file: PathBuf,
    },
}

impl TrustError {
    /// One sentence with the remedy.
    pub fn say(&self, texts: &Texts) -> String {
        texts.say_with(self.key(), &[("file", self.file().to_string_lossy().into_owned().into())])
    }

    /// The message in the catalogues; its argument is `file`.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "trust-file-missing",
            Self::Unreadable { .. } => "trust-file-unreadable",
            Self::NoCertificate { .. } => "trust-file-no-certificate",
            Self::Damaged { .. } => "trust-file-damaged",
        }
    }

    pub fn file(&self) -> &Path {
        match self {
            Self::Missing { file } | Self::Unreadable { file, .. } | Self::NoCertificate { file } | Self::Damaged { file } => file,
        }
    }
}

impl fmt::Display for TrustError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the CA file {} cannot be used ({})", self.file().display(), self.key())
    }
}

impl error::Error for TrustError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Missing { .. } | Self::NoCertificate { .. } | Self::Damaged { .. } => None,
        }
    }
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let bytes = fs::read(file).map_err(|source| {
        let file = file.to_owned();
        if source.kind() == io::ErrorKind::NotFound { TrustError::Missing { file } } else { TrustError::Unreadable { file, source } }
    })?;
    let damaged = || TrustError::Damaged { file: file.to_owned() };
    let roots: Vec<_> = CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().map_err(|_| damaged())?;
    if roots.is_empty() {
        return Err(TrustError::NoCertificate { file: file.to_owned() });
    }
    let mut store = RootCertStore::empty();
    roots.iter().try_for_each(|root| store.add(root.clone())).map_err(|_| damaged())?;
    Ok(roots)
}

/// For https: reads the store of the operating system, which takes milliseconds.
pub(super) fn of_system(extra_roots: &[CertificateDer<'static>]) -> Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let verifier: Arc<dyn ServerCertVerifier> = if extra_roots.is_empty() {
        Arc::new(Verifier::new(provider.clone())?)
    } else {
        let otherwise = Arc::new(Verifier::new_with_extra_roots(extra_roots.iter().cloned(), provider.clone())?);
        Arc::new(OrNamedByHand { otherwise, named: extra_roots.to_vec() })
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(economical(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

/// For plain http to this machine: believes nobody, reads nothing.
pub(super) fn of_nobody() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(economical(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()))
}

/// Given by hand, so that nothing hangs on what is installed for the process.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// A few portals, not the 256 servers for which rustls makes room.
fn economical(mut tls: ClientConfig) -> ClientConfig {
    tls.resumption = Resumption::in_memory_sessions(8);
    tls
}

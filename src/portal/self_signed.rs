//! Boxes whose certificate is its own authority: what `openssl req -x509` makes. WebPKI refuses an authority at the place of a server, also one that
//! the person named by hand; here exactly that certificate is believed. Date, name and key are checked as for every other.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

/// Asks another verifier, and looks at its refusals once more.
#[derive(Debug)]
pub(super) struct OrNamedByHand {
    pub(super) otherwise: Arc<dyn ServerCertVerifier>,
    /// The certificates of the extra file.
    pub(super) named: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for OrNamedByHand {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refusal = match self.otherwise.verify_server_cert(certificate, intermediates, server, ocsp, now) {
            Err(refusal) if is_authority_as_server(&refusal) && self.named.iter().any(|named| named == certificate) => refusal,
            verdict => return verdict,
        };
        // The date was in order: WebPKI looks at it before it looks at the role.
        tracing::debug!(%refusal, "the certificate is its own authority, and named by hand");
        verify_server_name(&ParsedCertificate::try_from(certificate)?, server)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.otherwise.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.otherwise.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.otherwise.supported_verify_schemes()
    }
}

fn is_authority_as_server(refusal: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(reason)) = refusal else { return false };
    reason.0.downcast_ref::<webpki::Error>() == Some(&webpki::Error::CaUsedAsEndEntity)
}

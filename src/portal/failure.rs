//! What a refusal means for us: the portal's codes, statuses without a code, and errors of the connection, as failures of `presence`.

use std::{error::Error, io, time::SystemTime};

use reqwest::StatusCode;

use crate::presence::{Ask, Failure, GiveUp, Later};

/// When calls are welcome again, as far as anybody said so.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Welcome {
    /// `Retry-After` of this answer.
    pub(super) retry_after: Option<SystemTime>,
    /// `operating_reset_at` of this answer, or of the last good one.
    pub(super) budget: Option<SystemTime>,
}

/// By the code alone, in any case; the sources disagree about statuses. `status` decides only for a code that nobody documented.
///
/// <https://apidocs.bitrix24.com/error-codes.html>
pub(super) fn of_code(code: &str, status: StatusCode, welcome: Welcome) -> Failure {
    match code.to_ascii_uppercase().as_str() {
        "INTERNAL_SERVER_ERROR" | "ERROR_UNEXPECTED_ANSWER" | "ERROR_CORE" => Failure::Later(Later::ServerTrouble),
        internal if internal.starts_with("INTERNAL_WRONG_") => Failure::Later(Later::ServerTrouble),
        "QUERY_LIMIT_EXCEEDED" => Failure::Later(Later::TooBusy { until: welcome.retry_after }),
        "OPERATION_TIME_LIMIT" => Failure::Later(Later::TooBusy { until: welcome.retry_after.or(welcome.budget) }),
        "CONNECTION_ERROR" => Failure::Later(Later::NoAuthorizationServer),
        "PORTAL_DELETED" => Failure::Later(Later::Closed),
        "NO_AUTH_FOUND" | "INVALID_CREDENTIALS" | "EXPIRED_TOKEN" | "INVALID_TOKEN" => Failure::Ask(Ask::CredentialRefused),
        "AUTHORIZATION_ERROR" => Failure::Ask(Ask::Dismissed),
        "INSUFFICIENT_SCOPE" => Failure::Ask(Ask::ScopeMissing),
        "ACCESS_DENIED" | "PAYMENT_REQUIRED" | "WRONG_LICENSE" => Failure::Ask(Ask::PlanWithoutRest),
        "USER_ACCESS_ERROR" | "WRONG_AUTH_TYPE" | "ALLOWED_ONLY_INTRANET_USER" => Failure::Ask(Ask::AccessDenied),
        "APPLICATION_NOT_FOUND" | "ERROR_OAUTH" | "NOT_INSTALLED" | "WRONG_CLIENT" => Failure::Ask(Ask::ApplicationRemoved),
        "OVERLOAD_LIMIT" => Failure::Ask(Ask::BlockedByProvider),
        "INVALID_REQUEST" => Failure::Ask(Ask::HttpsRequired),
        "ERROR_METHOD_NOT_FOUND" => Failure::GiveUp(GiveUp::MethodMissing),
        "STATUS_ERROR" | "ERROR_ARGUMENT" | "WRONG_ENCODING" | "ERROR_BATCH_METHOD_NOT_ALLOWED" | "ERROR_BATCH_LENGTH_EXCEEDED" => {
            our_fault(code)
        }
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => of_status(status, welcome),
        _ => our_fault(code),
    }
}

/// For an answer without usable JSON.
pub(super) fn of_status(status: StatusCode, welcome: Welcome) -> Failure {
    Failure::Later(match status {
        StatusCode::TOO_MANY_REQUESTS => Later::TooBusy { until: welcome.retry_after },
        StatusCode::SERVICE_UNAVAILABLE if welcome.retry_after.is_some() => Later::TooBusy { until: welcome.retry_after },
        StatusCode::REQUEST_TIMEOUT => Later::NoAnswer,
        status if status.is_server_error() => Later::ServerTrouble,
        _ => Later::UnexpectedPage,
    })
}

/// For a request to which no answer came. Nothing of the error is kept: it names the address.
pub(super) fn of_error(error: &reqwest::Error) -> Failure {
    if is_about_certificate(error) {
        return Failure::Ask(Ask::UntrustedCertificate);
    }
    Failure::Later(if error.is_connect() { Later::Unreachable } else { Later::NoAnswer })
}

fn our_fault(code: &str) -> Failure {
    Failure::GiveUp(GiveUp::OurFault { code: code.to_owned() })
}

fn is_about_certificate(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return matches!(tls, rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented);
        }
        // The source of an I/O error is not the error that it wraps, but the source of that.
        next = match error.downcast_ref::<io::Error>() {
            Some(wrapper) => wrapper.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    false
}

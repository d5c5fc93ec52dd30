//! The error answers of Bitrix24: HTTP status, code and description. One table.
//!
//! Where the documentation and the server code disagree about the HTTP status, this is what the code sends.

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// `QUERY_LIMIT_EXCEEDED`: too many requests.
    TooBusy,
    /// `OPERATION_TIME_LIMIT`: the time budget of the method is used up.
    TimeLimit,
    /// `OVERLOAD_LIMIT`: blocked by the provider's staff.
    Blocked,
    /// `INTERNAL_SERVER_ERROR`.
    ServerTrouble,
    /// `ERROR_METHOD_NOT_FOUND`.
    MethodNotFound,
    /// `NO_AUTH_FOUND`: no credential in the request.
    NoCredential,
    /// `INVALID_CREDENTIALS`: wrong, deleted, expired or moved webhook.
    InvalidCredentials,
    /// `expired_token`: the access token is too old.
    ExpiredToken,
    /// `invalid_token`: nobody was given this access token.
    InvalidToken,
    /// `invalid_grant`: the code or the refresh token is unknown, used or too old.
    InvalidGrant,
    /// `invalid_client`: the secret of the application is another one.
    InvalidClient,
    /// `wrong_client`, with HTTP 200: there is no such application.
    WrongClient,
    /// `invalid_request`: no known kind of grant.
    InvalidRequest,
    /// `insufficient_scope`.
    ScopeMissing,
    /// `authorization_error`: the person was dismissed or blocked.
    Dismissed,
    /// `ACCESS_DENIED`: the plan has no REST.
    PlanWithoutRest,
    /// `INVALID_REQUEST`: https required.
    HttpsRequired,
    /// `PORTAL_DELETED`: deleted, or closed for maintenance.
    Closed,
    /// `STATUS_ERROR`: not one of the four words.
    StatusUnavailable,
    /// `ERROR_ARGUMENT`.
    ArgumentMissing,
    /// Any other answer, for tests of the whole error table.
    Other { status: u16, code: String },
}

impl Refusal {
    pub fn status(&self) -> u16 {
        self.row().0
    }

    pub fn code(&self) -> &str {
        self.row().1
    }

    pub fn description(&self) -> &'static str {
        self.row().2
    }

    fn row(&self) -> (u16, &str, &'static str) {
        match self {
            Self::TooBusy => (503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
            Self::TimeLimit => (429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."),
            Self::Blocked => (401, "OVERLOAD_LIMIT", "REST API is blocked due to overload."),
            Self::ServerTrouble => (500, "INTERNAL_SERVER_ERROR", "Internal server error"),
            Self::MethodNotFound => (404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
            Self::NoCredential => (401, "NO_AUTH_FOUND", "Wrong authorization data"),
            Self::InvalidCredentials => (401, "INVALID_CREDENTIALS", "Invalid request credentials"),
            Self::ExpiredToken => (401, "expired_token", "The access token provided has expired."),
            Self::InvalidToken => (401, "invalid_token", "Unable to get application by token"),
            Self::InvalidGrant => (400, "invalid_grant", "Invalid grant"),
            Self::InvalidClient => (400, "invalid_client", "Invalid client"),
            Self::WrongClient => (200, "wrong_client", "Wrong client"),
            Self::InvalidRequest => (400, "invalid_request", "Invalid request"),
            Self::ScopeMissing => (401, "insufficient_scope", "The request requires higher privileges than provided by the webhook token"),
            Self::Dismissed => (401, "authorization_error", "Unable to authorize user"),
            Self::PlanWithoutRest => (401, "ACCESS_DENIED", "REST API is available only on commercial plans."),
            Self::HttpsRequired => (401, "INVALID_REQUEST", "Https required."),
            Self::Closed => (403, "PORTAL_DELETED", "Portal was deleted"),
            Self::StatusUnavailable => (400, "STATUS_ERROR", "Status is not available"),
            Self::ArgumentMissing => (400, "ERROR_ARGUMENT", "Argument 'name' is null or empty"),
            Self::Other { status, code } => (*status, code, "Something else"),
        }
    }
}

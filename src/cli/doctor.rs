//! `b24status doctor`: what works, what does not, and what to do about it. Fit to paste in a ticket.

use std::io::{self, Write};

use super::{Code, Context, Exit, Format};
use crate::{
    doctor::{Report, Verdict, findings},
    keyring::Ask,
};

/// Ends with 1 where there is a problem; the report says which.
pub(super) async fn run(context: &Context, format: Format, out: &mut dyn Write) -> Result<(), Exit> {
    let load = async |account: &_| context.secrets.load(account, Ask::Never).await;
    let report = Report::of(findings::gather(&context.paths, &context.settings, load).await);
    match format {
        Format::Words => write!(out, "{}", report.words(&context.texts))?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&report.json()).map_err(io::Error::from)?)?,
    }
    match report.verdict() {
        Verdict::Ok | Verdict::Unknown => Ok(()),
        Verdict::Problem => Err(Exit::new(Code::Other, String::new())),
    }
}

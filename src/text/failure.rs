//! Failures of a portal in words: each one sentence that says what to do.

use super::Texts;
use crate::presence::{Ask, Failure, GiveUp, Later};

impl Texts {
    pub fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Ask(Ask::Moved { to }) => self.say_with("failure-moved", &[("to", to.as_str().into())]),
            Failure::GiveUp(GiveUp::OurFault { code }) if !code.is_empty() => {
                self.say_with("failure-our-fault", &[("code", code.as_str().into())])
            }
            Failure::Later(_) | Failure::Ask(_) | Failure::GiveUp(_) => self.say(key(failure)),
        }
    }
}

fn key(failure: &Failure) -> &'static str {
    match failure {
        Failure::Later(later) => match later {
            Later::Unreachable => "failure-unreachable",
            Later::NoAnswer => "failure-no-answer",
            Later::ServerTrouble => "failure-server-trouble",
            Later::UnexpectedPage => "failure-unexpected-page",
            Later::TooBusy { .. } => "failure-too-busy",
            Later::NoAuthorizationServer => "failure-no-authorization-server",
            Later::Closed => "failure-closed",
        },
        Failure::Ask(ask) => match ask {
            Ask::CredentialRefused => "failure-credential-refused",
            Ask::Dismissed => "failure-dismissed",
            Ask::AnotherPerson => "failure-another-person",
            Ask::ScopeMissing => "failure-scope-missing",
            Ask::PlanWithoutRest => "failure-plan-without-rest",
            Ask::AccessDenied => "failure-access-denied",
            Ask::ApplicationRemoved => "failure-application-removed",
            Ask::BlockedByProvider => "failure-blocked-by-provider",
            Ask::HttpsRequired => "failure-https-required",
            Ask::Moved { .. } => "failure-moved",
            Ask::UntrustedCertificate => "failure-untrusted-certificate",
        },
        Failure::GiveUp(give_up) => match give_up {
            GiveUp::MethodMissing => "failure-method-missing",
            GiveUp::OurFault { .. } => "failure-our-fault-unnamed",
        },
    }
}

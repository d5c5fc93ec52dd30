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
            Later::NoKeyring => "failure-no-keyring",
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
            Ask::SignInExpired => "failure-sign-in-expired",
            Ask::ApplicationRefused => "failure-application-refused",
            Ask::ApplicationWithoutChat => "failure-application-without-chat",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn each_failure_has_its_own_sentence_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let mut sentences: Vec<String> = every_failure().iter().map(|failure| texts.failure(failure)).collect();
            assert!(sentences.iter().all(|sentence| !sentence.starts_with("failure-") && !sentence.contains('{')), "{sentences:?}");
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), every_failure().len());
        }
    }

    #[test]
    fn what_the_portal_named_is_named() {
        let texts = Texts::new(Language::English);
        assert!(texts.failure(&Failure::Ask(Ask::Moved { to: "acme.example:8443".to_owned() })).contains("acme.example:8443"));
        assert!(texts.failure(&Failure::GiveUp(GiveUp::OurFault { code: "STATUS_ERROR".to_owned() })).contains("STATUS_ERROR"));
    }

    fn every_failure() -> Vec<Failure> {
        let later = [
            Later::Unreachable,
            Later::NoAnswer,
            Later::ServerTrouble,
            Later::UnexpectedPage,
            Later::TooBusy { until: None },
            Later::NoAuthorizationServer,
            Later::NoKeyring,
            Later::Closed,
        ];
        let ask = [
            Ask::CredentialRefused,
            Ask::Dismissed,
            Ask::AnotherPerson,
            Ask::ScopeMissing,
            Ask::PlanWithoutRest,
            Ask::AccessDenied,
            Ask::ApplicationRemoved,
            Ask::SignInExpired,
            Ask::ApplicationRefused,
            Ask::ApplicationWithoutChat,
            Ask::BlockedByProvider,
            Ask::HttpsRequired,
            Ask::Moved { to: "acme.example".to_owned() },
            Ask::UntrustedCertificate,
        ];
        let give_up = [GiveUp::MethodMissing, GiveUp::OurFault { code: "X".to_owned() }, GiveUp::OurFault { code: String::new() }];
        later.map(Failure::Later).into_iter().chain(ask.map(Failure::Ask)).chain(give_up.map(Failure::GiveUp)).collect()
    }
}

//! Faults on demand: what can go wrong between a portal and its clients, and which requests it happens to. No socket here.

use std::time::Duration;

use serde_json::Value;

use super::{
    model::Method,
    oauth::Step,
    page::{Page, Time},
    refusal::Refusal,
};

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The connection is reset, and nothing was done.
    ResetBefore,
    /// The request is carried out, then the connection is reset without an answer.
    ResetAfter,
    /// Nothing is done and nothing is answered; the connection stays open.
    Silence,
    /// The request is carried out at once; the answer comes this much later.
    Late(Duration),
    /// The request is carried out; the answer comes byte by byte, with this pause between two.
    Drip(Duration),
    /// The request is carried out; the connection ends in the middle of the answer.
    Truncated,
    /// The request is carried out; the right answer claims to be HTML.
    WrongType,
    /// Nothing is done; the portal refuses.
    Refused(Refusal),
    /// Nothing is done; something else answers with a page for people: a captive portal, a firewall, a maintenance page.
    Html(u16),
    /// Nothing is done; the answer is not even text.
    Garbage,
    /// Nothing is done; the answer is JSON that ends too early, although the connection does not.
    BrokenJson,
    /// Nothing is done; the answer has no body.
    Empty,
    /// Nothing is done; the answer is one megabyte of correct JSON.
    Huge,
    /// Nothing is done; the same path at another origin is the place to ask.
    Redirect { status: u16, to: String },
    /// Nothing is done; this is the result.
    Result(Value),
    /// Nothing is done; exactly this is the answer.
    Exactly { status: u16, content_type: &'static str, body: Vec<u8> },
}

impl Fault {
    /// Happens to this many requests.
    pub fn times(self, requests: u32) -> Plan {
        Plan { fault: self, left: Some(requests), methods: Vec::new(), steps: Vec::new() }
    }

    /// Happens to the next request.
    pub fn once(self) -> Plan {
        self.times(1)
    }

    /// Happens until [`Portal::heal`](super::Portal::heal).
    pub fn until_healed(self) -> Plan {
        Plan { fault: self, left: None, methods: Vec::new(), steps: Vec::new() }
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        if let Self::Refused(refusal) = self { Some(refusal) } else { None }
    }

    /// What becomes of the answer. `right` carries the request out and makes the answer without the fault; `path` is what was asked,
    /// with the query.
    pub(super) fn delivery(&self, right: impl FnOnce() -> Page, path: &str, time: Time) -> Delivery {
        match self {
            Self::ResetAfter => {
                right();
                Delivery::Reset
            }
            Self::Late(delay) => Delivery::Late(*delay, right()),
            Self::Drip(pause) => Delivery::Drip(*pause, right()),
            Self::Truncated => Delivery::Truncated(right()),
            Self::WrongType => Delivery::Whole(right().called_html()),
            Self::ResetBefore => Delivery::Reset,
            Self::Silence => Delivery::Nothing,
            Self::Refused(refusal) => Delivery::Whole(Page::refusal(refusal)),
            Self::Html(status) => Delivery::Whole(Page::html(*status)),
            Self::Garbage => Delivery::Whole(Page::bytes((0..=255).rev().collect())),
            Self::BrokenJson => Delivery::Whole(Page::bytes(br#"{"result":"#.to_vec())),
            Self::Empty => Delivery::Whole(Page::bytes(Vec::new())),
            Self::Huge => Delivery::Whole(Page::result(&Value::String("a".repeat(1 << 20)), time)),
            Self::Redirect { status, to } => Delivery::Whole(Page::redirect(*status, format!("{}{path}", to.trim_end_matches('/')))),
            Self::Result(result) => Delivery::Whole(Page::result(result, time)),
            Self::Exactly { status, content_type, body } => {
                Delivery::Whole(Page { status: *status, content_type, ..Page::bytes(body.clone()) })
            }
        }
    }
}

/// A fault, and the requests that meet it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    fault: Fault,
    /// `None`: until healed.
    left: Option<u32>,
    /// Empty: every method.
    methods: Vec<Method>,
    /// Empty: REST.
    steps: Vec<Step>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// A call of REST; `None` is a method that the portal does not know.
    Call(Option<Method>),
    Step(Step),
}

impl Plan {
    /// Other methods pass, and do not count.
    pub fn only(self, methods: &[Method]) -> Self {
        Self { methods: methods.to_vec(), ..self }
    }

    /// Happens to these steps of OAuth, and not to REST: the authorization server is another machine.
    pub fn at(self, steps: &[Step]) -> Self {
        Self { steps: steps.to_vec(), ..self }
    }

    fn fits(&self, errand: Errand) -> bool {
        let meant = match errand {
            Errand::Call(_) if !self.steps.is_empty() => false,
            Errand::Call(method) => self.methods.is_empty() || method.is_some_and(|method| self.methods.contains(&method)),
            Errand::Step(step) => self.steps.contains(&step),
        };
        meant && self.left != Some(0)
    }
}

impl From<Fault> for Plan {
    /// For the next request only.
    fn from(fault: Fault) -> Self {
        fault.once()
    }
}

/// How an answer leaves, or does not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Delivery {
    Whole(Page),
    Late(Duration, Page),
    Drip(Duration, Page),
    Truncated(Page),
    Reset,
    Nothing,
}

/// The plans that are not used up.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Plan>);

impl Faults {
    pub(super) fn add(&mut self, plan: Plan) {
        self.0.push(plan);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that this request meets.
    pub(super) fn meet(&mut self, errand: Errand) -> Option<Fault> {
        let plan = self.0.iter_mut().find(|plan| plan.fits(errand))?;
        if let Some(left) = &mut plan.left {
            *left -= 1;
        }
        let fault = plan.fault.clone();
        self.0.retain(|plan| plan.left != Some(0));
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_met_in_the_order_in_which_they_were_made() {
        let mut faults = Faults::default();
        faults.add(Fault::Silence.times(2));
        faults.add(Fault::Empty.into());
        let met: Vec<_> = (0..4).map(|_| call(&mut faults, Some(Method::Profile))).collect();
        assert_eq!(met, [Some(Fault::Silence), Some(Fault::Silence), Some(Fault::Empty), None]);
    }

    #[test]
    fn other_methods_pass_and_do_not_count() {
        let mut faults = Faults::default();
        faults.add(Fault::ResetAfter.once().only(&[Method::StatusSet]));
        assert_eq!(call(&mut faults, Some(Method::StatusGet)), None);
        assert_eq!(call(&mut faults, None), None);
        assert_eq!(call(&mut faults, Some(Method::StatusSet)), Some(Fault::ResetAfter));
        assert_eq!(call(&mut faults, Some(Method::StatusSet)), None);
    }

    #[test]
    fn a_standing_fault_ends_when_it_is_healed() {
        let mut faults = Faults::default();
        faults.add(Fault::Garbage.until_healed());
        assert!((0..100).all(|_| call(&mut faults, None) == Some(Fault::Garbage)));
        faults.clear();
        assert_eq!(call(&mut faults, None), None);
    }

    #[test]
    fn no_times_is_never() {
        let mut faults = Faults::default();
        faults.add(Fault::Garbage.times(0));
        assert_eq!(call(&mut faults, None), None);
    }

    #[test]
    fn rest_and_oauth_have_faults_of_their_own() {
        let mut faults = Faults::default();
        faults.add(Fault::Empty.until_healed());
        faults.add(Fault::Garbage.once().at(&[Step::Refresh]));
        assert_eq!(call(&mut faults, Some(Method::Profile)), Some(Fault::Empty));
        assert_eq!(faults.meet(Errand::Step(Step::Exchange)), None);
        assert_eq!(faults.meet(Errand::Step(Step::Refresh)), Some(Fault::Garbage));
        assert_eq!(faults.meet(Errand::Step(Step::Refresh)), None);
    }

    fn call(faults: &mut Faults, method: Option<Method>) -> Option<Fault> {
        faults.meet(Errand::Call(method))
    }
}

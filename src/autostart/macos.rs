//! macOS: a launch agent of the person's own, and what the system's settings say about it under *Login Items*.

use std::path::{Path, PathBuf};
use std::{env, ffi::CStr};

use objc2::{rc::autoreleasepool, runtime::AnyClass};
use objc2_foundation::{NSString, NSURL};
use objc2_service_management::{SMAppService, SMAppServiceStatus};

use super::launch_agent::{LaunchAgent, Leave};
use super::{AutostartError, Repair, State, Switch};

/// Where this user's launchd looks, and what it should start.
pub struct Autostart(LaunchAgent);

impl Autostart {
    pub fn of_this_user() -> Result<Self, AutostartError> {
        let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute()).ok_or(AutostartError::NoPlace)?;
        let program = env::current_exe().map_err(|cause| AutostartError::Unreadable { path: "b24status".into(), cause })?;
        Ok(Self(LaunchAgent::below(&home, program, leave)))
    }

    /// What happens at the next login.
    pub fn state(&self) -> Result<State, AutostartError> {
        self.0.state()
    }

    /// Switches, and tells what is so afterwards.
    pub fn set(&self, switch: Switch) -> Result<State, AutostartError> {
        self.0.set(switch)
    }

    /// Puts an agent right that starts an older place of this program.
    pub fn repair(&self) -> Result<Repair, AutostartError> {
        self.0.repair()
    }
}

/// From macOS 13 on, the person can refuse in the system's settings what an agent asks for:
/// <https://developer.apple.com/documentation/servicemanagement/smappservice/statusforlegacyplist(at:)>. What `launchctl` prints is for people.
fn leave(agent: &Path) -> Leave {
    const SINCE_13: &CStr = c"SMAppService";
    let Some(path) = agent.to_str().filter(|_| AnyClass::get(SINCE_13).is_some()) else { return Leave::Given };
    let status = autoreleasepool(|_| {
        let url = NSURL::fileURLWithPath(&NSString::from_str(path));
        // SAFETY: the class is there, and its method takes the address of a property list, whether or not there is one.
        unsafe { SMAppService::statusForLegacyURL(&url) }
    });
    if status == SMAppServiceStatus::RequiresApproval { Leave::Refused } else { Leave::Given }
}

//! A private D-Bus daemon: it starts no services by itself, so what a test did not put on it is absent.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::process::{Child, Command, Stdio};

/// Ends with the value.
pub struct Bus {
    daemon: Child,
    address: String,
    _configuration: tempfile::NamedTempFile,
}

impl Bus {
    /// A bus for `test`, or `None` after saying so where there is no dbus-daemon.
    pub fn start(test: &str) -> Option<Self> {
        let mut configuration = tempfile::NamedTempFile::new().unwrap();
        configuration.write_all(CONFIGURATION.as_bytes()).unwrap();
        let daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.path().display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut daemon = match daemon {
            Ok(daemon) => daemon,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                super::skip(test, "there is no dbus-daemon on this machine");
                return None;
            }
            Err(error) => panic!("dbus-daemon: {error}"),
        };
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Some(Self { daemon, address: address.trim().to_owned(), _configuration: configuration })
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` takes.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection of its own for every call.
    #[cfg(target_os = "linux")]
    pub async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

const CONFIGURATION: &str = r#"<busconfig>
  <type>custom</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

//! A server that says exactly the bytes it was told to say, over plain TCP or TLS, and keeps every request to the letter.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What to do once a request is in.
#[derive(Clone)]
pub(crate) enum Act {
    /// Say it, and keep the connection.
    Say(Vec<u8>),
    /// Say it, and close.
    SayAndClose(Vec<u8>),
    /// Say it, and break the connection.
    SayAndReset(Vec<u8>),
    /// Say it, and say nothing more.
    SayAndHang(Vec<u8>),
    /// Say it byte by byte, with this pause between them.
    Drip(Vec<u8>, Duration),
    /// Say the first part, then the second one without end.
    SayForEver(Vec<u8>, Vec<u8>),
}

#[derive(Clone)]
pub(crate) struct ScriptedPortal {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    script: VecDeque<Act>,
    requests: Vec<String>,
    connections: usize,
}

impl ScriptedPortal {
    pub(crate) async fn plain(script: impl IntoIterator<Item = Act>) -> Self {
        Self::start(script, None).await
    }

    pub(crate) async fn tls(script: impl IntoIterator<Item = Act>, acceptor: TlsAcceptor) -> Self {
        Self::start(script, Some(acceptor)).await
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    async fn start(script: impl IntoIterator<Item = Act>, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let seen = Arc::new(Mutex::new(Seen { script: script.into_iter().collect(), ..Seen::default() }));
        let portal = Self { address: listener.local_addr().unwrap(), seen };
        let served = portal.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                served.seen.lock().unwrap().connections += 1;
                tokio::spawn(served.clone().serve(stream, acceptor.clone()));
            }
        });
        portal
    }

    async fn serve(self, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
        let Some(acceptor) = acceptor else {
            return self.talk(stream, break_off).await;
        };
        if let Ok(stream) = acceptor.accept(stream).await {
            self.talk(stream, |stream| break_off(stream.get_ref().0)).await;
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(self, mut stream: S, arm_reset: fn(&S)) {
        while let Ok(request) = read_request(&mut stream).await {
            let act = {
                let mut seen = self.seen.lock().unwrap();
                seen.requests.push(request);
                seen.script.pop_front()
            };
            match act {
                Some(Act::Say(bytes)) => drop(stream.write_all(&bytes).await),
                Some(Act::SayAndClose(bytes)) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                    return;
                }
                Some(Act::SayAndReset(bytes)) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.flush().await;
                    return arm_reset(&stream);
                }
                Some(Act::SayAndHang(bytes)) => {
                    let _ = stream.write_all(&bytes).await;
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                }
                Some(Act::Drip(bytes, pause)) => {
                    for byte in bytes {
                        let _ = stream.write_all(&[byte]).await;
                        tokio::time::sleep(pause).await;
                    }
                }
                Some(Act::SayForEver(start, again)) => {
                    let _ = stream.write_all(&start).await;
                    while stream.write_all(&again).await.is_ok() {}
                    return;
                }
                None => panic!("a request that the script does not know"),
            }
        }
    }
}

/// Closing with linger 0 sends a reset.
fn break_off(stream: &TcpStream) {
    stream.set_zero_linger().unwrap();
}

/// An answer in JSON as Bitrix24 sends it.
pub(crate) fn json(status: u16, body: &str) -> Act {
    Act::Say(answer(status, &["Content-Type: application/json; charset=utf-8"], body))
}

pub(crate) fn page(status: u16, body: &str) -> Act {
    Act::Say(answer(status, &["Content-Type: text/html; charset=utf-8"], body))
}

pub(crate) fn redirect(status: u16, location: &str) -> Act {
    Act::Say(answer(status, &["Content-Type: text/html", &format!("Location: {location}")], "<html>Moved</html>"))
}

pub(crate) fn answer(status: u16, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    format!("HTTP/1.1 {status} Status\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Ok(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

//! The control socket, over the real socket: one instance, and nothing that a client sends or does not send harms the app.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use b24status::{
    control::{self, AskError, CLIENT_PATIENCE, CONNECTIONS_AT_MOST, ClaimError, Incoming, Refusal, Request, Response, window::Wanted},
    paths::Paths,
    presence::Status,
};
use tempfile::TempDir;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::{JoinHandle, spawn_blocking},
};

const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_request_reaches_the_app_and_its_answer_the_client() {
    let mut running = Running::start();
    let wanted = Request::set(Status::Dnd, None, Duration::from_secs(30));
    let (answer, _) = tokio::join!(control::ask(&running.paths, wanted.clone(), PATIENCE), async {
        let incoming = running.incoming.recv().await.unwrap();
        assert_eq!(incoming.request, wanted);
        incoming.answer.send(Response::Done).unwrap();
    });
    assert_eq!(answer.unwrap(), Response::Done);
}

#[tokio::test]
async fn a_second_instance_is_told_that_there_is_one() {
    let running = Running::start();
    assert!(matches!(control::claim(&running.paths), Err(ClaimError::AlreadyRunning)));
}

#[tokio::test]
async fn without_an_app_there_is_nobody_to_ask() {
    let place = Place::new();
    assert!(matches!(control::ask(&place.paths, Request::Status, PATIENCE).await, Err(AskError::NotRunning)));
}

#[tokio::test]
async fn a_second_launch_waits_for_the_first_to_listen() {
    let place = Place::new();
    let asked = control::ask(&place.paths, Request::Open { activation_token: None }, PATIENCE);
    let starts_late = async {
        tokio::task::yield_now().await;
        let (sender, mut receiver) = unbounded_channel::<Incoming>();
        let serving = tokio::spawn(control::claim(&place.paths).unwrap().serve(sender));
        receiver.recv().await.unwrap().answer.send(Response::Done).unwrap();
        (receiver, serving)
    };
    let (answer, _still_running) = tokio::join!(asked, starts_late);
    assert_eq!(answer.unwrap(), Response::Done);
}

#[tokio::test]
async fn an_instance_that_ended_leaves_room_for_the_next() {
    let place = Place::new();
    drop(control::claim(&place.paths).unwrap());
    assert!(control::claim(&place.paths).is_ok());
}

#[tokio::test]
async fn of_many_that_start_at_once_exactly_one_runs() {
    for _ in 0..20 {
        let place = Place::new();
        far_end::leave_behind(&place.paths);
        let starters = (0..8).map(|_| {
            let paths = place.paths.clone();
            spawn_blocking(move || control::claim(&paths))
        });
        let mut claims = Vec::new();
        for starter in starters.collect::<Vec<_>>() {
            claims.push(starter.await.unwrap());
        }
        assert_eq!(claims.iter().filter(|claim| claim.is_ok()).count(), 1, "{claims:?}");
        assert!(claims.iter().all(|claim| matches!(claim, Ok(_) | Err(ClaimError::AlreadyRunning))), "{claims:?}");
    }
}

#[tokio::test]
async fn garbage_is_answered_once_and_the_app_goes_on() {
    let mut running = Running::start();
    for garbage in [&b"hello\n"[..], b"\n", b"\x00\xff\xfe\n", b"{\"version\":1}\n", b"[[[[[[[[[[[[[[\n"] {
        let response = talk(&running.paths, garbage.to_vec()).await;
        assert!(response.contains("not_understood"), "{garbage:?}: {response}");
    }
    running.still_works().await;
}

#[tokio::test]
async fn ten_megabytes_without_an_end_are_refused_and_the_app_goes_on() {
    let mut running = Running::start();
    let response = talk(&running.paths, vec![b'x'; 10 * 1024 * 1024]).await;
    assert!(response.contains("not_understood"), "{response}");
    running.still_works().await;
}

#[tokio::test]
async fn deep_nesting_does_not_overflow_anything() {
    let mut running = Running::start();
    let deep = format!("{{\"version\":1,\"request\":{}\n", "[".repeat(60_000));
    assert!(talk(&running.paths, deep.into_bytes()).await.contains("not_understood"));
    running.still_works().await;
}

#[tokio::test]
async fn another_version_is_told_which_one_runs() {
    let running = Running::start();
    let response = talk(&running.paths, b"{\"version\":9,\"request\":\"status\"}\n".to_vec()).await;
    assert!(response.contains("other_version") && response.contains(env!("CARGO_PKG_VERSION")), "{response}");
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_is_forgotten() {
    let mut running = Running::start();
    let mut half = far_end::connect(&running.paths).await;
    half.write_all(b"{\"version\":1,\"requ").unwrap();
    drop(half);
    // Asked, and gone before the answer.
    let mut impatient = far_end::connect(&running.paths).await;
    impatient.write_all(b"{\"version\":1,\"request\":\"status\"}\n").unwrap();
    drop(impatient);
    let unheard = running.incoming.recv().await.unwrap();
    let _ = unheard.answer.send(Response::Done);
    running.still_works().await;
}

#[tokio::test]
async fn what_a_window_waits_for_ends_with_the_window() {
    let mut running = Running::start();
    let mut window = control::connect(&running.paths, PATIENCE).await.unwrap();
    let asking = window.ask(Request::Window(Wanted::Watch { seen: Some(1) }));
    let mut asked = tokio::select! {
        answer = asking => panic!("nobody has answered: {answer:?}"),
        asked = running.incoming.recv() => asked.unwrap(),
    };
    assert!(!asked.connection.has_ended());
    drop(window);
    tokio::time::timeout(PATIENCE, asked.answer.closed()).await.expect("the question ends");
    tokio::time::timeout(PATIENCE, asked.connection.ended()).await.expect("and so does the connection");
    assert!(asked.connection.has_ended());
    running.still_works().await;
}

#[tokio::test]
async fn requests_of_one_conversation_come_on_one_connection() {
    let mut running = Running::start();
    let mut connections = Vec::new();
    let mut conversations = Vec::new();
    for _ in 0..2 {
        conversations.push(control::connect(&running.paths, PATIENCE).await.unwrap());
    }
    for number in [0, 1, 0] {
        let (answer, connection) = tokio::join!(conversations[number].ask(Request::Status), async {
            let incoming = running.incoming.recv().await.unwrap();
            incoming.answer.send(Response::Done).unwrap();
            incoming.connection
        });
        assert_eq!(answer.unwrap(), Response::Done);
        connections.push(connection);
    }
    assert!(connections[0].is(&connections[2]) && !connections[0].is(&connections[1]));
}

#[tokio::test]
async fn a_client_that_says_nothing_is_let_go() {
    let mut running = Running::start();
    let mut silent = far_end::connect(&running.paths).await;
    let closed = spawn_blocking(move || silent.read(&mut [0; 8]).unwrap());
    // Who comes later is answered, so the app has taken the silent one.
    running.still_works().await;
    tokio::time::pause();
    tokio::time::advance(CLIENT_PATIENCE + Duration::from_secs(1)).await;
    tokio::time::resume();
    assert_eq!(closed.await.unwrap(), 0);
}

#[tokio::test]
async fn more_clients_than_there_are_seats_are_told_so() {
    let mut running = Running::start();
    let mut silent = Vec::new();
    for _ in 0..CONNECTIONS_AT_MOST {
        silent.push(far_end::connect(&running.paths).await);
    }
    let refused = control::ask(&running.paths, Request::Status, PATIENCE).await;
    assert!(matches!(refused, Err(AskError::Refused(Refusal::TooManyConnections))), "{refused:?}");
    drop(silent);
    running.still_works().await;
}

#[tokio::test]
async fn an_app_that_is_ending_says_so() {
    let mut running = Running::start();
    let (answer, ()) = tokio::join!(control::ask(&running.paths, Request::Status, PATIENCE), async {
        drop(running.incoming.recv().await.unwrap().answer);
    });
    assert!(matches!(answer, Err(AskError::Refused(Refusal::Ending))), "{answer:?}");
}

#[tokio::test]
async fn quit_comes_back_when_the_app_has_ended() {
    let mut running = Running::start();
    let paths = running.paths.clone();
    let quit = tokio::spawn(async move { control::ask_to_quit(&paths, PATIENCE).await });
    let incoming = running.incoming.recv().await.unwrap();
    assert_eq!(incoming.request, Request::Quit);
    incoming.answer.send(Response::Done).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!quit.is_finished(), "the app has not ended yet");
    running.serving.abort();
    quit.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_app_that_hangs_does_not_hang_its_client() {
    let running = Running::start();
    let asked = Instant::now();
    let answer = control::ask(&running.paths, Request::Status, Duration::from_millis(100)).await;
    assert!(matches!(answer, Err(AskError::NoAnswer)), "{answer:?}");
    assert!(asked.elapsed() < PATIENCE);
}

/// Held while its directory is in use.
struct Place {
    #[cfg_attr(windows, expect(dead_code, reason = "it is looked into on Unix only"))]
    root: TempDir,
    paths: Paths,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let paths = Paths::below(root.path());
        Self { root, paths }
    }
}

struct Running {
    #[cfg_attr(windows, expect(dead_code, reason = "it is looked into on Unix only"))]
    place: Place,
    paths: Paths,
    incoming: UnboundedReceiver<Incoming>,
    serving: JoinHandle<()>,
}

impl Running {
    fn start() -> Self {
        let place = Place::new();
        let (sender, incoming) = unbounded_channel();
        let serving = tokio::spawn(control::claim(&place.paths).unwrap().serve(sender));
        Self { paths: place.paths.clone(), place, incoming, serving }
    }

    async fn still_works(&mut self) {
        let (answer, ()) = tokio::join!(control::ask(&self.paths, Request::Reload, PATIENCE), async {
            let incoming = self.incoming.recv().await.unwrap();
            assert_eq!(incoming.request, Request::Reload);
            incoming.answer.send(Response::Done).unwrap();
        });
        assert_eq!(answer.unwrap(), Response::Done);
    }
}

/// Sends all of it, or as much as is taken, and returns the answer.
async fn talk(paths: &Paths, bytes: Vec<u8>) -> String {
    let mut stream = far_end::connect(paths).await;
    spawn_blocking(move || {
        let _ = stream.write_all(&bytes);
        far_end::answer(stream)
    })
    .await
    .unwrap()
}

/// A program that speaks to the app without being ours.
#[cfg(unix)]
mod far_end {
    use std::{fs, net::Shutdown, os::unix::net::UnixListener};

    use super::*;

    pub(super) use std::os::unix::net::UnixStream as Stream;

    pub(super) async fn connect(paths: &Paths) -> Stream {
        Stream::connect(paths.runtime().join("control.sock")).unwrap()
    }

    /// Everything that the app says until it lets us go.
    pub(super) fn answer(mut stream: Stream) -> String {
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// What an app that was killed leaves.
    pub(super) fn leave_behind(paths: &Paths) {
        fs::create_dir_all(paths.runtime()).unwrap();
        drop(UnixListener::bind(paths.runtime().join("control.sock")).unwrap());
    }
}

/// A program that speaks to the app without being ours.
#[cfg(windows)]
mod far_end {
    use std::{
        fs::OpenOptions,
        io::{BufRead, BufReader},
    };

    use super::*;

    pub(super) use std::fs::File as Stream;

    /// Windows' number for a pipe at which every place is taken.
    const PIPE_BUSY: i32 = 231;

    pub(super) async fn connect(paths: &Paths) -> Stream {
        let name = control::pipe_name(paths.runtime()).unwrap();
        loop {
            match OpenOptions::new().read(true).write(true).open(&name) {
                Err(error) if error.raw_os_error() == Some(PIPE_BUSY) => tokio::task::yield_now().await,
                opened => return opened.unwrap(),
            }
        }
    }

    /// One line: nobody can say through a pipe that nothing follows, and still listen.
    pub(super) fn answer(stream: Stream) -> String {
        let mut answer = String::new();
        let _ = BufReader::new(stream).read_line(&mut answer);
        answer
    }

    /// A pipe goes with the app that made it.
    pub(super) fn leave_behind(_: &Paths) {}
}

/// A socket has a place in the file system, with a mode and an owner. A pipe has none: what is its own is tested beside it.
#[cfg(unix)]
mod the_place_of_the_socket {
    use std::{
        fs,
        os::unix::{
            fs::{MetadataExt, PermissionsExt},
            net::UnixListener,
        },
        path::{Path, PathBuf},
        process::{Command, Stdio},
    };

    use super::*;

    #[tokio::test]
    async fn only_the_owner_can_come_near_the_socket() {
        let running = Running::start();
        assert_eq!(fs::metadata(running.paths.runtime()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[tokio::test]
    async fn a_directory_that_others_could_enter_is_closed_to_them() {
        let place = Place::new();
        fs::create_dir_all(place.paths.runtime()).unwrap();
        fs::set_permissions(place.paths.runtime(), fs::Permissions::from_mode(0o777)).unwrap();
        let _claim = control::claim(&place.paths).unwrap();
        assert_eq!(fs::metadata(place.paths.runtime()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[tokio::test]
    async fn a_socket_left_behind_by_a_crash_is_replaced() {
        let place = Place::new();
        fs::create_dir_all(place.paths.runtime()).unwrap();
        drop(UnixListener::bind(place.socket()).unwrap());
        assert!(place.socket().exists());
        assert!(matches!(control::ask(&place.paths, Request::Status, PATIENCE).await, Err(AskError::NotRunning)));
        assert!(control::claim(&place.paths).is_ok());
    }

    #[tokio::test]
    async fn a_socket_that_answers_is_not_replaced_although_its_lock_is_gone() {
        let running = Running::start();
        fs::remove_file(running.paths.runtime().join("lock")).unwrap();
        assert!(matches!(control::claim(&running.paths), Err(ClaimError::AlreadyRunning)));
    }

    #[tokio::test]
    async fn an_instance_that_ended_leaves_no_socket() {
        let place = Place::new();
        drop(control::claim(&place.paths).unwrap());
        assert!(!place.socket().exists());
    }

    #[tokio::test]
    async fn a_place_that_belongs_to_somebody_else_is_named_and_left_alone() {
        let Some(stranger) = Stranger::available("a_place_that_belongs_to_somebody_else_is_named_and_left_alone") else { return };
        let place = Place::new();
        fs::create_dir_all(place.paths.runtime()).unwrap();
        stranger.takes(place.paths.runtime());
        assert!(matches!(control::claim(&place.paths), Err(ClaimError::Foreign { path }) if path == place.paths.runtime()));
        assert!(matches!(control::ask(&place.paths, Request::Status, PATIENCE).await, Err(AskError::Foreign { .. })));
    }

    #[tokio::test]
    async fn a_socket_that_belongs_to_somebody_else_is_named_and_left_alone() {
        let Some(stranger) = Stranger::available("a_socket_that_belongs_to_somebody_else_is_named_and_left_alone") else { return };
        let place = Place::new();
        fs::create_dir_all(place.paths.runtime()).unwrap();
        let _listener = UnixListener::bind(place.socket()).unwrap();
        stranger.takes(&place.socket());
        assert!(matches!(control::claim(&place.paths), Err(ClaimError::Foreign { path }) if path == place.socket()));
        assert_eq!(fs::metadata(place.socket()).unwrap().uid(), Stranger::ID);
    }

    #[tokio::test]
    async fn another_user_s_process_gets_no_answer() {
        let Some(stranger) = Stranger::available("another_user_s_process_gets_no_answer") else { return };
        let mut running = Running::start();
        // As if the directory's mode had been loosened behind our back.
        for open in [running.place.root.path(), running.paths.runtime(), &running.place.socket()] {
            fs::set_permissions(open, fs::Permissions::from_mode(0o777)).unwrap();
        }
        let socket = running.place.socket();
        let heard = spawn_blocking(move || stranger.asks(&socket)).await.unwrap();
        assert_eq!(heard, "connected, heard 0 bytes");
        running.still_works().await;
    }

    /// Who has no other user to play with cannot see these; continuous integration runs as root.
    struct Stranger;

    impl Stranger {
        const ID: u32 = 65534;

        fn available(test: &str) -> Option<Self> {
            let root = rustix::process::geteuid().is_root();
            let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
            if !(root && python) {
                support::skip(test, "only root can play another user, with Python");
            }
            (root && python).then_some(Self)
        }

        fn takes(&self, path: &Path) {
            std::os::unix::fs::lchown(path, Some(Self::ID), Some(Self::ID)).unwrap();
        }

        fn asks(&self, socket: &Path) -> String {
            let script = "import os, socket, sys\n\
                os.setgid(65534); os.setuid(65534)\n\
                s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n\
                try:\n    s.sendall(b'{\"version\":1,\"request\":\"status\"}\\n'); heard = s.recv(100)\n\
                except OSError:\n    heard = b''\n\
                print('connected, heard', len(heard), 'bytes', end='')";
            let output = Command::new("python3").arg("-c").arg(script).arg(socket).stderr(Stdio::inherit()).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        }
    }

    impl Place {
        fn socket(&self) -> PathBuf {
            self.paths.runtime().join("control.sock")
        }
    }
}

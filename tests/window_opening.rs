//! When the window's program is started, with what, and what happens where there is none. The window is a script beside the real program; what a
//! window asks is asked by the test.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, path::Path, time::Duration};

use b24status::{
    control::{
        self, Conversation, Request, Response,
        window::{FOR_A_WINDOW, Overview, Page, RUNTIME_ARGUMENT, Told, Wanted},
    },
    paths::Paths,
};
use support::{
    program::{Desktop, Home, LIMIT},
    wait::{wait_for, wait_for_some},
};

/// Notes that it came up, and stays until it is told to close.
const WINDOW: &str = "
    echo $$ > $home/pid
    env > $home/env
    printf '%s\\n' \"$*\" >> $home/opened
    while [ -d $home ] && [ ! -e $home/close ]; do sleep 0.02; done
";

/// Cannot come up: there is no screen.
const BROKEN: &str = "echo >> $home/opened; exit 1";

#[tokio::test]
async fn a_start_without_an_account_opens_the_window_and_tells_it_where_we_are() {
    let home = Home::new(Desktop::None).with_window(WINDOW).with("XDG_ACTIVATION_TOKEN", "of the launcher");
    let mut app = home.start_app();
    let opened = opened(&home);
    assert_eq!(opened, [format!("{RUNTIME_ARGUMENT} {}", home.runtime_directory().display())]);
    let env = fs::read_to_string(home.path("env")).unwrap();
    assert!(env.contains("XDG_ACTIVATION_TOKEN=of the launcher\n") && env.contains("DESKTOP_STARTUP_ID=of the launcher\n"), "{env}");
    let overview = overview(&mut watch(&home).await, None).await;
    assert_eq!((overview.summons.count, overview.summons.page), (1, Page::Home));
    assert!(app.is_running());
}

#[test]
fn a_start_with_an_account_or_for_a_window_opens_none() {
    let home = Home::new(Desktop::None).with_window(WINDOW);
    {
        let _app = home.start_app_with(&[(FOR_A_WINDOW, "1")]);
        home.run(&["status"]);
    }
    home.write_settings("[[accounts]]\nid = \"7@acme.bitrix24.com\"\n");
    {
        let _app = home.start_app();
        home.run(&["status"]);
    }
    home.write_settings("accounts = = broken\n");
    let _app = home.start_app();
    home.run(&["status"]);
    assert!(!home.path("opened").exists(), "{:?}", fs::read_to_string(home.path("opened")));
}

#[tokio::test]
async fn a_second_launch_brings_the_open_window_forward_with_its_own_token() {
    let home = Home::new(Desktop::None).with_window(WINDOW);
    let _app = home.start_app_with(&[("DESKTOP_STARTUP_ID", "old")]);
    opened(&home);
    let mut window = watch(&home).await;
    let before = overview(&mut window, None).await;
    let second = home.run_with(&[("XDG_ACTIVATION_TOKEN", "new")], &[]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.out.contains("b24status set"), "{second:?}");
    let summoned = overview(&mut window, Some(before.revision)).await.summons;
    assert_eq!((summoned.count, summoned.activation_token.as_deref()), (before.summons.count + 1, Some("new")));
    assert_eq!(opened(&home).len(), 1, "no second window");
}

#[tokio::test]
async fn a_window_that_closed_is_reaped_and_the_next_launch_opens_another() {
    let home = Home::new(Desktop::None).with_window(WINDOW);
    let _app = home.start_app();
    opened(&home);
    let window = watch(&home).await;
    let process = format!("/proc/{}", fs::read_to_string(home.path("pid")).unwrap().trim());
    fs::write(home.path("close"), "").unwrap();
    wait_for("the window's process to be gone, and not to stay as a zombie", LIMIT, || !Path::new(&process).exists());
    drop(window);
    fs::remove_file(home.path("close")).unwrap();
    wait_for("another window", LIMIT, || {
        assert_eq!(home.run(&[]).code, 0);
        opened(&home).len() == 2
    });
}

#[tokio::test]
async fn a_window_that_is_called_while_it_closes_opens_again() {
    let home = Home::new(Desktop::None).with_window(WINDOW);
    let _app = home.start_app();
    opened(&home);
    let mut window = watch(&home).await;
    overview(&mut window, None).await;
    // It has hung up, and its process is still there.
    drop(window);
    assert_eq!(home.run(&[]).code, 0);
    assert_eq!(opened(&home).len(), 1);
    fs::write(home.path("close"), "").unwrap();
    wait_for("the window that was asked for", LIMIT, || opened(&home).len() == 2);
}

#[test]
fn a_window_that_does_not_come_up_is_tried_once_each_time_somebody_asks() {
    let home = Home::new(Desktop::None).with_window(BROKEN);
    let mut app = home.start_app();
    assert_eq!(opened(&home).len(), 1);
    wait_for("the word for who started it", LIMIT, || app.said().contains("the window ended before"));
    assert_eq!(home.run(&[]).code, 0);
    wait_for("the second try", LIMIT, || opened(&home).len() == 2);
    wait_for("its end", LIMIT, || app.said().matches("the window ended before").count() == 2);
    assert_eq!(opened(&home).len(), 2);
    assert!(app.is_running());
}

#[test]
fn without_a_window_a_second_launch_says_what_it_said_before() {
    let home = Home::new(Desktop::None).with_window("exit 0");
    fs::remove_file(home.path("bin/b24status-window")).unwrap();
    let _app = home.start_app();
    let second = home.run(&[]);
    assert_eq!(second.code, 0);
    assert!(second.out.contains("b24status set"), "{second:?}");
}

#[tokio::test]
async fn the_demo_has_a_place_of_its_own_for_its_window() {
    let home = Home::new(Desktop::None).with_window(WINDOW);
    let mut demo = home.start(&["demo"]);
    let directory = home.path(&format!("run/b24status-demo-{}", demo.id()));
    wait_for("the demo's control socket", LIMIT, || directory.join("control.sock").exists());
    let paths = Paths::below(&home.path("")).with_runtime(&directory);
    let mut window = control::connect(&paths, LIMIT).await.unwrap();
    let overview = overview(&mut window, None).await;
    assert_eq!((overview.settings_file, overview.settings.accounts.len()), (None, 1));
    assert_eq!(home.run(&["status"]).code, 3, "the app of this session is another one, and does not run");
    std::io::Write::write_all(demo.stdin(), b"quit\n").unwrap();
    assert_eq!(demo.end().code, 0);
    assert!(!directory.exists());
}

/// With which arguments it was started, each time.
fn opened(home: &Home) -> Vec<String> {
    let noted = || fs::read_to_string(home.path("opened")).ok().filter(|text| text.ends_with('\n'));
    wait_for_some("the window", LIMIT, noted).lines().map(str::to_owned).collect()
}

async fn watch(home: &Home) -> Conversation {
    let paths = Paths::below(&home.path("")).with_runtime(&home.runtime_directory());
    let mut window = control::connect(&paths, LIMIT).await.unwrap();
    overview(&mut window, None).await;
    window
}

async fn overview(window: &mut Conversation, seen: Option<u64>) -> Overview {
    let answer = tokio::time::timeout(Duration::from_secs(20), window.ask(Request::Window(Wanted::Watch { seen }))).await;
    let Response::Window(Told::Overview(overview)) = answer.expect("an answer").unwrap() else { panic!("no overview") };
    *overview
}

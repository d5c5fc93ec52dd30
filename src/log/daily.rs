//! A file for each day, in UTC, and only the newest of them. Written on the calling thread, a line at a time.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::Offset};

const FILES_KEPT: usize = 5;
const PREFIX: &str = "b24status.";
const SUFFIX: &str = ".log";

pub(super) struct Daily {
    directory: PathBuf,
    day: Date,
    file: File,
}

impl Daily {
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        Self::open_on(directory, today())
    }

    fn open_on(directory: &Path, day: Date) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(directory.join(format!("{PREFIX}{day}{SUFFIX}")))?;
        forget_old(directory)?;
        Ok(Self { directory: directory.to_owned(), day, file })
    }

    /// The file of `day`. Where a new one cannot be begun, the old one goes on.
    fn on(&mut self, day: Date) -> &mut File {
        if day != self.day
            && let Ok(next) = Self::open_on(&self.directory, day)
        {
            *self = next;
        }
        &mut self.file
    }
}

impl Write for Daily {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.on(today()).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

/// The names sort by their day.
fn forget_old(directory: &Path) -> io::Result<()> {
    let mut logs =
        fs::read_dir(directory)?.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_log(path)).collect::<Vec<_>>();
    logs.sort();
    let surplus = logs.len().saturating_sub(FILES_KEPT);
    logs.iter().take(surplus).try_for_each(fs::remove_file)
}

fn is_log(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_day_has_its_file_and_five_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("notes.txt"), "mine").unwrap();
        let mut daily = Daily::open_on(directory.path(), date(2026, 12, 28)).unwrap();
        for day in 0..8 {
            let day = date(2026, 12, 28).checked_add(jiff::Span::new().days(day)).unwrap();
            writeln!(daily.on(day), "{day}").unwrap();
        }
        let mut names =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
        names.sort();
        let days = ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"];
        assert_eq!(names[..5], days.map(|day| format!("b24status.{day}.log")));
        assert_eq!(names[5..], ["notes.txt"]);
        assert_eq!(fs::read_to_string(directory.path().join("b24status.2027-01-01.log")).unwrap(), "2027-01-01\n");
    }

    #[test]
    fn a_second_start_on_the_same_day_goes_on_in_its_file() {
        let directory = tempfile::tempdir().unwrap();
        for line in ["one", "two"] {
            writeln!(Daily::open(directory.path()).unwrap(), "{line}").unwrap();
        }
        let only = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        assert_eq!(only.iter().map(|path| fs::read_to_string(path).unwrap()).collect::<Vec<_>>(), ["one\ntwo\n"]);
    }

    #[test]
    fn a_log_that_goes_away_does_not_stop_what_is_logged() {
        let directory = tempfile::tempdir().unwrap();
        let mut daily = Daily::open_on(directory.path(), date(2026, 12, 28)).unwrap();
        // Some systems keep what is open: then it has not gone away.
        let _ = fs::remove_dir_all(directory.path());
        writeln!(daily.on(date(2026, 12, 29)), "still here").unwrap();
    }

    #[test]
    fn where_a_day_cannot_be_begun_the_day_before_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let mut daily = Daily::open_on(directory.path(), date(2026, 12, 28)).unwrap();
        fs::create_dir(directory.path().join("b24status.2026-12-29.log")).unwrap();
        writeln!(daily.on(date(2026, 12, 29)), "still here").unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("b24status.2026-12-28.log")).unwrap(), "still here\n");
    }
}

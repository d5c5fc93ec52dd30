//! What the programs are made of, and under which licences: the list that the page about the program shows.

/// A line for each crate: name, version, licence.
pub(crate) const LIST: &str = include_str!("../licences.txt");

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, process::Command};

    use super::*;

    /// `LICENCES=write cargo test -p b24status-window licences` writes the list anew; that asks cargo for every crate's manifest.
    #[test]
    fn every_crate_of_the_lock_file_is_listed_with_its_licence() {
        if std::env::var_os("LICENCES").is_some() {
            return fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/licences.txt"), written()).expect("the list can be written");
        }
        let listed: BTreeSet<String> = LIST.lines().filter_map(|line| line.split_once(" — ")).map(|(named, _)| named.to_owned()).collect();
        assert_eq!(
            listed.symmetric_difference(&locked()).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "LICENCES=write writes the list anew"
        );
        assert!(LIST.lines().all(|line| line.split_once(" — ").is_some_and(|(_, licence)| !licence.is_empty())));
    }

    /// Those of registries; our own have no source.
    fn locked() -> BTreeSet<String> {
        let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).expect("the lock file");
        let packages = lock.split("[[package]]").filter(|package| package.contains("source = "));
        let value = |package: &str, key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
            line.expect("a name and a version").to_owned()
        };
        packages.map(|package| format!("{} {}", value(package, "name"), value(package, "version"))).collect()
    }

    fn written() -> String {
        let asked = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--locked"]).output().expect("cargo runs");
        let metadata: serde_json::Value = serde_json::from_slice(&asked.stdout).expect("cargo answers in JSON");
        let packages = metadata["packages"].as_array().expect("packages").iter().filter(|package| !package["source"].is_null());
        let text = |package: &serde_json::Value, key: &str| package[key].as_str().unwrap_or("see its licence file").to_owned();
        let line = |package| format!("{} {} — {}\n", text(package, "name"), text(package, "version"), text(package, "license"));
        packages.map(line).collect::<BTreeSet<String>>().into_iter().collect()
    }
}

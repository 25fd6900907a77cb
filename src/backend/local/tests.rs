use std::fs;

use tempfile::TempDir;

use super::{journal::Folded, *};

fn base(serial: u64) -> Base {
    Base {
        lineage: "L".to_owned(),
        serial,
    }
}

fn snapshot(serial: u64) -> Vec<u8> {
    format!("{{\"version\":4,\"serial\":{serial},\"lineage\":\"L\"}}").into_bytes()
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new handle, as a new process has it.
    fn files(&self) -> Arc<Files> {
        Local::at(&self.path(FILE_NAME)).files
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let file = file::Prepared::write(&Disk::default(), &self.path(name), bytes).unwrap();
        file.put().unwrap();
    }

    fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = self.folder.path().read_dir().unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Batches of 1, 2 and 3 bytes over serial 1.
    fn with_journal() -> Self {
        let place = Self::new();
        place.put(FILE_NAME, &snapshot(1));
        let files = place.files();
        for batch in [&b"a"[..], b"bb", b"ccc"] {
            files.append("", &base(1), batch).unwrap();
        }
        place
    }

    fn batches(&self) -> Vec<Vec<u8>> {
        let journal = self.files().read().unwrap().journal;
        journal.map(|journal| journal.batches).unwrap_or_default()
    }
}

const JOURNAL: &str = "terraform.tfstate.journal";

#[test]
fn a_torn_tail_is_cut_off_wherever_it_tore() {
    let whole = Place::with_journal().get(JOURNAL);
    let all = [&b"a"[..], b"bb", b"ccc"];
    let head = whole.len() - 3 * 16 - 6;
    let ends = [head + 17, head + 17 + 18, whole.len()];
    for cut in 0..=whole.len() {
        let place = Place::new();
        place.put(FILE_NAME, &snapshot(1));
        place.put(JOURNAL, &whole[..cut]);
        let good = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(place.batches(), &all[..good], "cut at {cut}");
        // Going on after the last good one.
        place.files().append("", &base(1), b"next").unwrap();
        let mut expected = all[..good].to_vec();
        expected.push(b"next");
        assert_eq!(place.batches(), expected, "cut at {cut}");
    }
}

#[test]
fn a_tail_of_noise_is_cut_off() {
    for noise in [
        &[0_u8; 64][..],
        &[0xff; 5],
        b"longer than a frame's head, and no frame",
    ] {
        let place = Place::with_journal();
        let whole = place.get(JOURNAL);
        place.put(JOURNAL, &[&whole[..], noise].concat());
        assert_eq!(place.batches().len(), 3);
        place.files().append("", &base(1), b"next").unwrap();
        assert_eq!(place.batches().len(), 4);
        assert_eq!(place.get(JOURNAL).len(), whole.len() + 20);
    }
}

#[test]
fn damage_before_whole_records_is_an_error() {
    let whole = Place::with_journal().get(JOURNAL);
    let last = whole.len() - 19;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let place = Place::new();
        place.put(FILE_NAME, &snapshot(1));
        place.put(JOURNAL, &bytes);
        let outcome = place.files().read();
        if at < last {
            let error = outcome.unwrap_err();
            assert!(matches!(error, StateError::Journal { .. }), "{at}: {error}");
            assert!(error.hint().is_some());
            let refused = place.files().append("", &base(1), b"x");
            assert!(matches!(refused, Err(StateError::Journal { .. })));
        } else {
            assert_eq!(outcome.unwrap().journal.unwrap().batches.len(), 2, "{at}");
        }
    }
}

#[test]
fn a_crash_at_any_step_of_a_fold_loses_nothing() {
    // Before the mark: the new snapshot is a stray temporary file.
    let place = Place::with_journal();
    place.put(".terraform.tfstate.x.tmp", &snapshot(2));
    assert_eq!(place.batches().len(), 3);
    let holder = Holder::new("x", "y", jiff::Timestamp::UNIX_EPOCH);
    drop(place.files().take_lock(holder).unwrap());
    assert!(!place.path(".terraform.tfstate.x.tmp").exists());

    // After the mark, before the rename: the old snapshot with its journal still holds.
    let folded = Folded {
        serial: 2,
        crc: crc32fast::hash(&snapshot(2)),
    };
    let found = journal::read(&place.path(JOURNAL)).unwrap().unwrap();
    let mut writer = Writer::resume(&Disk::default(), &place.path(JOURNAL), &found).unwrap();
    writer.mark(&folded).unwrap();
    file::keep(
        &Disk::default(),
        &place.path(FILE_NAME),
        &place.path("terraform.tfstate.backup"),
    )
    .unwrap();
    assert_eq!(place.batches().len(), 3);
    place.files().append("", &base(1), b"more").unwrap();
    assert_eq!(place.batches().len(), 4);
    let found = journal::read(&place.path(JOURNAL)).unwrap().unwrap();
    let mut writer = Writer::resume(&Disk::default(), &place.path(JOURNAL), &found).unwrap();
    writer.mark(&folded).unwrap();

    // After the rename, before the journal is removed: everything is in the snapshot.
    place.put(FILE_NAME, &snapshot(2));
    let kept = place.files().read().unwrap();
    assert_eq!(kept.snapshot, Some(snapshot(2)));
    assert_eq!(kept.journal, None);
    place.files().append("", &base(2), b"new").unwrap();
    assert_eq!(place.batches(), [b"new"]);
}

/// A fold is begun over a journal that an earlier one has left, and is cut short: the earlier one still counts.
#[test]
fn a_fold_that_was_cut_short_does_not_undo_the_one_before() {
    let place = Place::with_journal();
    place.put(FILE_NAME, &snapshot(2));
    for serial in [2, 2, 3] {
        let found = journal::read(&place.path(JOURNAL)).unwrap().unwrap();
        // Of those to serial 2, the first was never put in its place.
        let crc = match found.folded.len() {
            0 => 7,
            _ => crc32fast::hash(&snapshot(serial)),
        };
        let mut writer = Writer::resume(&Disk::default(), &place.path(JOURNAL), &found).unwrap();
        writer.mark(&Folded { serial, crc }).unwrap();
    }
    assert_eq!(place.files().read().unwrap().journal, None);
    let holder = Holder::new("x", "y", jiff::Timestamp::UNIX_EPOCH);
    drop(place.files().take_lock(holder).unwrap());
    assert!(!place.path(JOURNAL).exists());
}

#[test]
fn a_snapshot_written_over_an_open_journal_does_not_hide_it() {
    let place = Place::with_journal();
    place.put(FILE_NAME, &snapshot(2));
    let journal = place.files().read().unwrap().journal.unwrap();
    assert!(journal.overtaken);
    assert_eq!(journal.batches.len(), 3);
    let error = place.files().append("", &base(2), b"x").unwrap_err();
    assert!(matches!(error, StateError::Orphaned { .. }), "{error}");
    place
        .files()
        .fold("", Some(&base(2)), &snapshot(3))
        .unwrap();
    assert_eq!(place.files().read().unwrap().journal, None);
}

#[test]
fn a_journal_of_another_state_is_an_error() {
    let other = br#"{"version":4,"serial":1,"lineage":"M"}"#;
    for stored in [
        Some(&other[..]),
        Some(br#"{"version":4,"serial":0,"lineage":"L"}"#),
        None,
    ] {
        let place = Place::with_journal();
        match stored {
            Some(bytes) => place.put(FILE_NAME, bytes),
            None => fs::remove_file(place.path(FILE_NAME)).unwrap(),
        }
        let error = place.files().read().unwrap_err();
        assert!(matches!(error, StateError::Orphaned { .. }), "{error}");
    }
}

#[test]
fn a_fold_keeps_the_snapshot_before() {
    let place = Place::new();
    place.files().fold("", None, &snapshot(1)).unwrap();
    assert_eq!(place.names(), [FILE_NAME]);
    place
        .files()
        .fold("", Some(&base(1)), &snapshot(2))
        .unwrap();
    place
        .files()
        .fold("", Some(&base(2)), &snapshot(3))
        .unwrap();
    assert_eq!(place.names(), [FILE_NAME, "terraform.tfstate.backup"]);
    assert_eq!(place.get(FILE_NAME), snapshot(3));
    assert_eq!(place.get("terraform.tfstate.backup"), snapshot(2));
}

#[test]
fn an_empty_file_is_no_state_and_no_accident() {
    let place = Place::new();
    place.put(FILE_NAME, b"");
    assert_eq!(place.files().read().unwrap(), Kept::default());
    place.files().fold("", None, &snapshot(1)).unwrap();
    place
        .files()
        .fold("", Some(&base(1)), &snapshot(2))
        .unwrap();
    // With a backup beside it, it was cut off.
    place.put(FILE_NAME, b"");
    let error = place.files().read().unwrap_err();
    assert!(error.to_string().contains("the file is empty"));
    assert!(error.hint().unwrap().contains("terraform.tfstate.backup"));
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.put(FILE_NAME, &snapshot(1));
    fs::set_permissions(place.path(FILE_NAME), fs::Permissions::from_mode(0o644)).unwrap();
    let files = place.files();
    let holder = Holder::new("x", "y", jiff::Timestamp::UNIX_EPOCH);
    let lease = files.take_lock(holder).unwrap();
    files.fold("", Some(&base(1)), &snapshot(2)).unwrap();
    files.append("", &base(2), b"a").unwrap();
    let names = place.names();
    assert_eq!(names.len(), 5, "{names:?}");
    for name in names {
        let mode = fs::metadata(place.path(&name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    drop(lease);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let place = Place::new();
    fs::create_dir(place.path("real")).unwrap();
    std::os::unix::fs::symlink("real/there.tfstate", place.path(FILE_NAME)).unwrap();
    place.files().fold("", None, &snapshot(1)).unwrap();
    place.files().append("", &base(1), b"a").unwrap();
    assert!(
        fs::symlink_metadata(place.path(FILE_NAME))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(place.get("real/there.tfstate"), snapshot(1));
    assert!(place.path("real/there.tfstate.journal").exists());
    let other = Local::at(&place.path("real/there.tfstate"));
    assert_eq!(other.files.read().unwrap().journal.unwrap().batches, [b"a"]);
}

#[test]
fn a_write_that_fails_says_where_and_leaves_the_old_state() {
    let place = Place::with_journal();
    let files = place.files();
    // A folder stands where the backup goes.
    fs::create_dir_all(place.path("terraform.tfstate.backup/x")).unwrap();
    let error = files.fold("", Some(&base(1)), &snapshot(2)).unwrap_err();
    assert!(error.to_string().starts_with("Could not write "), "{error}");
    assert!(error.to_string().contains("terraform.tfstate.backup"));
    assert_eq!(place.get(FILE_NAME), snapshot(1));
    assert_eq!(place.batches().len(), 3);
    let strays = place.names();
    assert!(
        !strays.iter().any(|name| name.ends_with(".tmp")),
        "{strays:?}"
    );
}

#[test]
fn a_disk_without_room_is_told_with_what_to_do() {
    let full = file::failed(
        "write",
        Path::new("s/terraform.tfstate"),
        io::ErrorKind::StorageFull.into(),
    );
    assert_eq!(
        full.to_string(),
        "Could not write s/terraform.tfstate: no storage space"
    );
    assert_eq!(
        full.hint().unwrap(),
        "Make room on the disk of s/terraform.tfstate, and run the command again. The last stored state is unchanged."
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_journal_on_a_full_disk_is_an_error() {
    let mut writer = Writer::create(&Disk::default(), Path::new("/dev/full"), &base(1)).unwrap();
    let error = writer.append(&base(1), b"a").unwrap_err();
    assert!(matches!(error, StateError::Io { .. }), "{error}");
    // What is on disk is open now: nothing more is taken.
    let again = writer.append(&base(1), b"a").unwrap_err();
    assert!(matches!(again, StateError::Io { .. }), "{again}");
}

#[test]
fn the_state_folder_is_used_when_it_is_there() {
    let place = Place::new();
    let path = |workspace| {
        Local::beside(place.folder.path(), workspace)
            .path()
            .to_owned()
    };
    assert_eq!(path("default"), place.path("terraform.tfstate"));
    fs::create_dir(place.path("state")).unwrap();
    assert_eq!(path("default"), place.path("state/terraform.tfstate"));
    assert_eq!(
        path("dev"),
        place.path("state/terraform.tfstate.d/dev/terraform.tfstate")
    );
}

#[test]
fn workspaces_come_and_go() {
    let place = Place::new();
    let folder = place.folder.path();
    assert_eq!(workspaces(folder).unwrap(), ["default"]);
    create_workspace(folder, "dev").unwrap();
    create_workspace(folder, "a").unwrap();
    assert_eq!(workspaces(folder).unwrap(), ["default", "a", "dev"]);
    delete_workspace(folder, "dev").unwrap();
    assert_eq!(workspaces(folder).unwrap(), ["default", "a"]);
    assert!(delete_workspace(folder, "dev").is_err());
}

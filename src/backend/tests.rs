//! The conformance of a backend, once for each, and what holds for all of them.

use super::*;

fn holder(operation: &str) -> Holder {
    Holder::new(operation, "user@host", jiff::Timestamp::UNIX_EPOCH)
}

fn base(serial: u64) -> Base {
    Base {
        lineage: "L".to_owned(),
        serial,
    }
}

fn snapshot(serial: u64) -> Vec<u8> {
    format!("{{\"version\":4,\"serial\":{serial},\"lineage\":\"L\",\"resources\":[]}}").into_bytes()
}

/// What every backend must do. `a` and `b` are two handles of the same state, which is empty.
async fn conforms(a: &dyn Backend, b: &dyn Backend) {
    assert_eq!(a.read().await.unwrap(), Kept::default());

    // One holder at a time, and the other learns who.
    let lease = a.lock(&holder("OperationTypeApply")).await.unwrap();
    let error = b.lock(&holder("OperationTypePlan")).await.unwrap_err();
    let StateError::Locked(Some(found)) = &error else {
        panic!("{error}");
    };
    assert_eq!(found.id, lease.id);
    let pid = format!("pid {}", std::process::id());
    assert!(
        error
            .to_string()
            .contains("user@host (OperationTypeApply, ")
    );
    assert!(error.to_string().contains(&pid));

    // A journal before there is a snapshot, then the snapshot.
    a.append(&lease, &base(0), b"one").await.unwrap();
    a.append(&lease, &base(0), b"two").await.unwrap();
    let journal = b.read().await.unwrap().journal.unwrap();
    assert_eq!(journal.batches, [b"one", b"two"]);
    assert_eq!(journal.base, base(0));
    assert!(!journal.overtaken);
    a.fold(&lease, None, snapshot(1)).await.unwrap();
    let kept = b.read().await.unwrap();
    assert_eq!(kept.snapshot, Some(snapshot(1)));
    assert_eq!(kept.journal, None);

    // Only what was made from the stored snapshot is taken.
    let stale = a.fold(&lease, None, snapshot(2)).await.unwrap_err();
    assert!(matches!(stale, StateError::Conflict { .. }), "{stale}");
    let stale = a.append(&lease, &base(0), b"x").await.unwrap_err();
    assert!(matches!(stale, StateError::Conflict { .. }), "{stale}");
    let other = Base {
        lineage: "M".to_owned(),
        serial: 1,
    };
    let stale = a.fold(&lease, Some(&other), snapshot(2)).await.unwrap_err();
    assert!(stale.to_string().contains("serial 1 of lineage M"));

    // After the lock is given back another gets it, with a larger fence.
    let fence = lease.fence;
    a.append(&lease, &base(1), b"three").await.unwrap();
    a.unlock(lease).await.unwrap();
    let lease = b.lock(&holder("OperationTypeApply")).await.unwrap();
    assert!(lease.fence > fence);
    b.append(&lease, &base(1), b"four").await.unwrap();
    let journal = a.read().await.unwrap().journal.unwrap();
    assert_eq!(journal.batches, [&b"three"[..], b"four"]);

    // A broken lock: whoever held it can no longer write.
    let wrong = a.force_unlock("nobody").await.unwrap_err();
    assert!(matches!(wrong, StateError::OtherLock { .. }), "{wrong}");
    a.force_unlock(&lease.id).await.unwrap();
    let newer = a.lock(&holder("state-mv")).await.unwrap();
    assert!(newer.fence > lease.fence);
    let lost = b.append(&lease, &base(1), b"five").await.unwrap_err();
    assert!(matches!(lost, StateError::LockLost(_)), "{lost}");
    let lost = b
        .fold(&lease, Some(&base(1)), snapshot(2))
        .await
        .unwrap_err();
    assert!(matches!(lost, StateError::LockLost(_)), "{lost}");
    b.unlock(lease).await.unwrap();
    a.fold(&newer, Some(&base(1)), snapshot(2)).await.unwrap();
    a.unlock(newer).await.unwrap();
    let none = a.force_unlock("nobody").await.unwrap_err();
    assert!(matches!(none, StateError::NotLocked), "{none}");

    // A lease that is dropped frees the lock; -lock=false needs none.
    drop(a.lock(&holder("OperationTypeApply")).await.unwrap());
    let lease = b.lock(&holder("OperationTypeApply")).await.unwrap();
    let free = Lease::without_lock();
    a.fold(&free, Some(&base(2)), snapshot(3)).await.unwrap();
    a.append(&free, &base(3), b"six").await.unwrap();
    b.append(&free, &base(3), b"seven").await.unwrap();
    assert_eq!(a.read().await.unwrap().journal.unwrap().batches.len(), 2);
    b.unlock(lease).await.unwrap();
    a.unlock(free).await.unwrap();

    // Large ones.
    let large = vec![b' '; 3 << 20];
    a.append(&Lease::without_lock(), &base(3), &large)
        .await
        .unwrap();
    let snapshot = [snapshot(4), large].concat();
    let free = Lease::without_lock();
    a.fold(&free, Some(&base(3)), snapshot.clone())
        .await
        .unwrap();
    assert_eq!(b.read().await.unwrap().snapshot, Some(snapshot));
}

#[tokio::test]
async fn a_local_file_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/terraform.tfstate");
    conforms(&Local::at(&path), &Local::at(&path)).await;
}

#[tokio::test]
async fn a_lock_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::beside(folder.path(), "default");
    let lease = local.lock(&holder("OperationTypeApply")).await.unwrap();
    let wait = Duration::from_millis(20);
    let error = lock_within(&local, &holder("x"), wait).await.unwrap_err();
    assert!(error.is_locked());
    let me = holder("x");
    let (got, ()) = tokio::join!(lock_within(&local, &me, Duration::from_secs(60)), async {
        drop(lease)
    });
    assert_eq!(got.unwrap().id, me.id);
}

#[test]
fn a_holder_is_terraforms_lock_information() {
    let mut holder = holder("OperationTypeApply");
    holder.id = "I".to_owned();
    holder.info = String::new();
    holder.path = "terraform.tfstate".to_owned();
    let text = r#"{"ID":"I","Operation":"OperationTypeApply","Info":"","Who":"user@host","Version":"1.11.4","Created":"1970-01-01T00:00:00Z","Path":"terraform.tfstate"}"#;
    assert_eq!(serde_json::to_string(&holder).unwrap(), text);
    assert_eq!(serde_json::from_str::<Holder>(text).unwrap(), holder);
    assert_eq!(
        StateError::Locked(Some(Box::new(holder))).to_string(),
        "The state is locked by user@host (OperationTypeApply) since 1970-01-01T00:00:00Z, lock id I"
    );
}

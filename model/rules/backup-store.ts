/** Where backups lie: in a bucket that holds, and that no other site reads. */
import { didYouMean } from "../suggest.ts";
import { text } from "../text.ts";
import type { Context, Finding } from "./rule.ts";

export function* backupBucketUnfit({ view }: Context): Generator<Finding> {
  const { backup, objectStore } = view;
  if (!backup || !objectStore) return;
  const bucket = objectStore.buckets.find(({ id }) => id === backup.bucket);
  if (!bucket) return;
  const unfit = [
    [bucket.lockDays === 0, "tidak dikunci", "is not locked", "lockDays"],
    [!bucket.versioning, "tidak menyimpan versi", "keeps no versions", "versioning"],
    [bucket.copied, "disalin ke lokasi lain", "is copied to the other site", "copied"],
    [bucket.id === backup.evidenceBucket, "juga bucket bukti", "is the bucket of evidence too", "evidenceBucket"],
  ] as const;
  for (const [applies, id, en, field] of unfit) {
    if (!applies) continue;
    yield {
      path: ["backup", "bucket"],
      message: text(`bucket cadangan "${bucket.id}" ${id} (${field})`, `backup bucket "${bucket.id}" ${en} (${field})`),
      expected: text(
        "bucket tersendiri dengan lockDays, versioning: true dan copied: false",
        "a bucket of its own with lockDays, versioning: true and copied: false",
      ),
    };
  }
}

export function* backupBucketMissing({ view }: Context): Generator<Finding> {
  const { backup, objectStore } = view;
  if (!backup) return;
  const ids = (objectStore?.buckets ?? []).map(({ id }) => id);
  for (const field of ["bucket", "evidenceBucket"] as const) {
    const id = backup[field];
    if (id === undefined || ids.includes(id)) continue;
    yield {
      path: ["backup", field],
      message: text(`bucket "${id}" tidak dideklarasikan`, `bucket "${id}" is not declared`),
      expected: text("id bucket di objectStore", "the id of a bucket of objectStore"),
      hint: didYouMean(id, ids),
    };
  }
}

export function* backupWithoutStore({ view }: Context): Generator<Finding> {
  const { backup, objectStore } = view;
  if (backup?.status !== "running" || objectStore?.status === "running") return;
  yield {
    path: ["backup", "status"],
    message: text("penyimpanan objek tidak berjalan", "the object store does not run"),
    expected: text("objectStore dengan status: running", "an objectStore with status: running"),
  };
}

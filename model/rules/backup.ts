/** Promises of backups that can be kept. */
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

export function* rpoBelowInterval({ view }: Context): Generator<Finding> {
  for (const [index, policy] of entries(view.backupPolicies)) {
    const { fullEverySeconds: full, differentialEverySeconds = full, incrementalEverySeconds = full } = policy;
    const interval = Math.min(full, differentialEverySeconds, incrementalEverySeconds);
    if (policy.continuous || policy.rpoSeconds >= interval) continue;
    yield {
      path: ["backupPolicies", index, "rpoSeconds"],
      message: text(
        `RPO ${policy.rpoSeconds} detik lebih pendek dari selang cadangan ${interval} detik`,
        `RPO of ${policy.rpoSeconds} seconds is shorter than the backup interval of ${interval} seconds`,
      ),
      expected: text(`paling sedikit ${interval}, atau continuous: true`, `at least ${interval}, or continuous: true`),
    };
  }
}

export function* incrementalNotShorter({ view }: Context): Generator<Finding> {
  for (const [index, { incrementalEverySeconds, fullEverySeconds }] of entries(view.backupPolicies)) {
    if (incrementalEverySeconds === undefined || incrementalEverySeconds < fullEverySeconds) continue;
    yield {
      path: ["backupPolicies", index, "incrementalEverySeconds"],
      message: text(
        "selang cadangan tambahan tidak lebih pendek dari cadangan penuh",
        "incremental backups are not more frequent than full ones",
      ),
      expected: text(`kurang dari ${fullEverySeconds}`, `less than ${fullEverySeconds}`),
    };
  }
}

export function* differentialBetween({ view }: Context): Generator<Finding> {
  for (const [index, policy] of entries(view.backupPolicies)) {
    const { fullEverySeconds, differentialEverySeconds: every, incrementalEverySeconds = 0 } = policy;
    if (every === undefined || (every > incrementalEverySeconds && every < fullEverySeconds)) continue;
    yield {
      path: ["backupPolicies", index, "differentialEverySeconds"],
      message: text(
        "selang cadangan diferensial tidak di antara cadangan tambahan dan cadangan penuh",
        "differential backups are not between incremental and full ones",
      ),
      expected: text(
        `lebih dari ${incrementalEverySeconds} dan kurang dari ${fullEverySeconds}`,
        `more than ${incrementalEverySeconds} and less than ${fullEverySeconds}`,
      ),
    };
  }
}

export function* nothingRetained({ view }: Context): Generator<Finding> {
  for (const [index, { retention }] of entries(view.backupPolicies)) {
    if (Object.values(retention).some((kept) => kept > 0)) continue;
    yield {
      path: ["backupPolicies", index, "retention"],
      message: text("tidak satu pun cadangan disimpan", "no backup is kept"),
      expected: text("paling sedikit satu masa simpan di atas nol", "at least one retention above zero"),
    };
  }
}

export function* certificateRenewedTooLate({ view }: Context): Generator<Finding> {
  const authority = view.certificates?.authority;
  if (!authority) return;
  const { leafDays, intermediateDays, rootDays, renewBeforeDays } = authority;
  const limits = [
    ["renewBeforeDays", renewBeforeDays, leafDays],
    ["leafDays", leafDays, intermediateDays],
    ["intermediateDays", intermediateDays, rootDays],
  ] as const;
  for (const [field, days, limit] of limits) {
    if (days < limit) continue;
    yield {
      path: ["certificates", "authority", field],
      message: text(
        `${days} hari tidak lebih pendek dari ${limit} hari`,
        `${days} days is not shorter than ${limit} days`,
      ),
      expected: text(`kurang dari ${limit}`, `less than ${limit}`),
      received: days,
    };
  }
}

/** Quoting of names and texts in SQL (PostgreSQL 4.1.1, 4.1.2.1; standard_conforming_strings on). */

/** An identifier exactly as written. Throws if PostgreSQL would cut it or cannot hold it. */
export function identifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > 63 || name.includes("\0")) {
    throw new Error(`SQL name: expected 1 to 63 bytes, received ${JSON.stringify(name)}`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text. Throws on NUL, which PostgreSQL cannot hold, and on a backslash, whose meaning would depend on a setting. */
export function literal(text: string): string {
  if (/[\0\\]/.test(text)) {
    throw new Error(
      "SQL text: expected no NUL and no backslash, received one (the text is not shown: it may be secret)",
    );
  }
  return `'${text.replaceAll("'", "''")}'`;
}

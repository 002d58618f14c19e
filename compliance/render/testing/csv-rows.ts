/** For tests only: a reader of RFC 4180 that shares nothing with the writer. */
export function csvRows(content: string): string[][] {
  const rows: string[][] = [];
  let [row, field, quoted] = [[] as string[], "", false];
  for (let at = 0; at < content.length; at += 1) {
    const char = content[at] ?? "";
    if (quoted && char === '"' && content[at + 1] === '"') [field, at] = [`${field}"`, at + 1];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ",") [row, field] = [[...row, field], ""];
    else if (!quoted && char === "\r" && content[at + 1] === "\n") {
      rows.push([...row, field]);
      [row, field, at] = [[], "", at + 1];
    } else field += char;
  }
  if (quoted || field !== "" || row.length > 0) throw new Error("csv: the last line does not end");
  return rows;
}

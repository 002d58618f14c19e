/** Small changes of an inventory's YAML that leave all else as it was written, comments and layout too. Pure. */
import { isMap, isNode, isScalar, isSeq, type Pair, parseDocument, stringify, type YAMLMap, type YAMLSeq } from "yaml";

type Value = string | readonly string[];

/**
 * The text with these fields of one item of a list set: written anew where they are, else added after what stands there.
 * @throws RangeError where the list holds no such item
 */
export function setFields(text: string, list: string, id: string, fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields).reduce((now, [key, value]) => setField(now, list, id, key, value), text);
}

function setField(text: string, list: string, id: string, key: string, value: string): string {
  const item = listOf(text, list)
    ?.items.filter(isMap)
    .find((one) => one.get("id") === id);
  if (item === undefined) throw new RangeError(`setFields: expected an item "${id}" of ${list}, received none`);
  const there = item.items.find((pair) => nameOf(pair) === key);
  if (there) {
    const [start, end] = rangeOf(there.value);
    if (start < end) return splice(text, start, end, scalar(value));
    // Nothing stands there: what is empty has its place after any comment.
    const colon = text.indexOf(":", rangeOf(there.key)[1]) + 1;
    return splice(text, colon, colon, ` ${scalar(value)}`);
  }
  // `example` stays last, as everywhere.
  const last = item.items.findLast((pair) => nameOf(pair) !== "example") ?? item.items[0];
  const [, end] = rangeOf(last?.value);
  if (item.flow) return splice(text, end, end, `, ${key}: ${scalar(value)}`);
  const indent = " ".repeat(columnOf(text, rangeOf(last?.key)[0]));
  return addLine(text, end, `${indent}${key}: ${scalar(value)}`);
}

/** The text with one more item at the end of a list; a list that is not there is begun. */
export function addItem(text: string, list: string, item: Readonly<Record<string, Value>>): string {
  const there = listOf(text, list);
  const [first] = there?.items ?? [];
  if (there === undefined) {
    const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return `${before}${list}:\n${linesOf(item, 2)}\n`;
  }
  const [start, end] = rangeOf(there);
  if (first === undefined) return `${text.slice(0, start).trimEnd()}\n${linesOf(item, 2)}${text.slice(end)}`;
  const last = there.items.at(-1);
  if (there.flow) return splice(text, rangeOf(last)[1], rangeOf(last)[1], `, ${JSON.stringify(item)}`);
  return addLine(text, endOf(last), linesOf(item, columnOf(text, rangeOf(first)[0]) - 2));
}

function listOf(text: string, list: string): YAMLSeq | undefined {
  const document = parseDocument(text);
  const there = isMap(document.contents) ? document.get(list) : undefined;
  return isSeq(there) ? there : undefined;
}

/** Where the last thing that is written of an item ends. */
function endOf(item: unknown): number {
  if (isMap(item) && !item.flow) return rangeOf((item as YAMLMap).items.at(-1)?.value)[1];
  return rangeOf(item)[1];
}

/** Offsets, the end not included. @throws RangeError for what was not read from a text */
function rangeOf(node: unknown): readonly [start: number, end: number] {
  if (!isNode(node) || !node.range) throw new RangeError("edit-yaml: expected a value as it was read, received none");
  return [node.range[0], node.range[1]];
}

const nameOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : undefined);

const splice = (text: string, start: number, end: number, put: string): string =>
  text.slice(0, start) + put + text.slice(end);

/** After the line on which a value ends, whatever comment stands on it. A block of text ends with its own line feed. */
function addLine(text: string, end: number, line: string): string {
  if (text[end - 1] === "\n") return splice(text, end, end, `${line}\n`);
  const feed = text.indexOf("\n", end);
  return feed === -1 ? `${text}\n${line}\n` : splice(text, feed, feed, `\n${line}`);
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf("\n", at - 1) + 1);

function linesOf(item: Readonly<Record<string, Value>>, dash: number): string {
  return Object.entries(item)
    .map(([key, value], index) => {
      const shown = typeof value === "string" ? scalar(value) : `[${value.map(inList).join(", ")}]`;
      return `${" ".repeat(dash)}${index === 0 ? "- " : "  "}${key}: ${shown}`;
    })
    .join("\n");
}

/** On one line, quoted where YAML needs it. */
const scalar = (value: string): string =>
  /[\n\r\t]/.test(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();

const inList = (value: string): string => (/^[a-z][a-z0-9.-]*$/.test(value) ? scalar(value) : JSON.stringify(value));

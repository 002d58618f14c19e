/** Which kinds of content a page of ours shows as filled, by the marks that `web/` sets where something is missing. Pure. */
import { OPD_CONTENTS, PORTAL_CONTENTS, SERVICE_CONTENTS } from "../../../web/contents.ts";
import { type Attributes, tokensOf } from "./markup.ts";

const KINDS: ReadonlySet<string> = new Set([...OPD_CONTENTS, ...PORTAL_CONTENTS].map(({ id }) => id));
/** Classes of what stands where content is missing (web/components.ts). */
const GAPS: readonly string[] = ["missing", "blank"];

const classesOf = (attributes: Attributes): string[] => attributes.get("class")?.split(/\s+/) ?? [];

/** Of the portal's first page or an agency's: sections of kinds of content without a gap, in order. */
export function partsOf(html: string): string[] {
  const parts: string[] = [];
  let current: string | undefined;
  for (const token of tokensOf(html)) {
    if (token.kind === "open") {
      const id = token.name === "section" ? token.attributes.get("id") : undefined;
      if (id !== undefined && KINDS.has(id)) current = id;
      if (classesOf(token.attributes).some((one) => GAPS.includes(one))) current = undefined;
    } else if (token.kind === "close" && token.name === "section") {
      if (current !== undefined && !parts.includes(current)) parts.push(current);
      current = undefined;
    }
  }
  return parts;
}

/** Of the portal's page of services in Indonesian: kinds that every agency has filled; one that lacks a thing has not. */
export function servicePartsOf(html: string): string[] {
  const filled = new Map<string, number>();
  let agencies = 0;
  let label: string | undefined;
  let listed = false;
  for (const token of tokensOf(html)) {
    if (token.kind === "text") {
      if (label !== undefined) label += token.text;
    } else if (token.kind === "close") {
      if (token.name === "ul") listed = false;
    } else {
      const classes = classesOf(token.attributes);
      if (token.name === "ul" && classes.includes("states")) [listed, agencies] = [true, agencies + 1];
      if (token.name === "li") label = listed ? "" : undefined;
      if (token.name === "span" && label !== undefined) {
        const said = label.trim();
        if (classes.includes("filled")) filled.set(said, (filled.get(said) ?? 0) + 1);
        label = undefined;
      }
    }
  }
  return SERVICE_CONTENTS.filter(({ short }) => agencies > 0 && filled.get(short.id) === agencies).map(({ id }) => id);
}

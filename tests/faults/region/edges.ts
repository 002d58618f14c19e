/** Who hears whom among the three places of a region, each by what it is at the moment: pure. */

/** Who a place is when a fault comes: the active site, the other one, the witness. */
export type Part = "active" | "other" | "witness";

/** What `from` sends does not arrive at `to`. */
export interface Edge {
  readonly from: Part;
  readonly to: Part;
}

export type Link = readonly [Part, Part];
export const SITES: Link = ["active", "other"];
export const ACTIVE_WITNESS: Link = ["active", "witness"];
export const OTHER_WITNESS: Link = ["other", "witness"];

export const bothWays = ([a, b]: Link): Edge[] => [
  { from: a, to: b },
  { from: b, to: a },
];

/** Each link one way, the other, or both. @param random from 0 to below 1 */
export function someWay(links: readonly Link[], random: () => number): Edge[] {
  return links.flatMap((link) => {
    const both = bothWays(link);
    const way = Math.floor(random() * 3);
    return way === 2 ? both : both.slice(way, way + 1);
  });
}

/** Whether packets pass both ways. */
export const linked = (edges: readonly Edge[], a: Part, b: Part): boolean =>
  !edges.some(({ from, to }) => (from === a && to === b) || (from === b && to === a));

/** Whether a site reaches the witness or the other site, and so a majority of the epoch store. */
export const hasMajority = (edges: readonly Edge[], site: "active" | "other"): boolean =>
  linked(edges, site, "witness") || linked(edges, "active", "other");

/** `active ⇹ other, active → witness` */
export function written(edges: readonly Edge[]): string {
  const both = edges.filter(
    ({ from, to }) => !linked(edges, from, to) && edges.some((e) => e.from === to && e.to === from),
  );
  const once = both.filter(({ from, to }) => from < to).map(({ from, to }) => `${from} ⇹ ${to}`);
  const oneWay = edges.filter((edge) => !both.includes(edge)).map(({ from, to }) => `${from} ⇸ ${to}`);
  return [...once, ...oneWay].join(", ");
}

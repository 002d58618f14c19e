/**
 * The first three-part version in a text, for example in `v3.250.0` or `go version go1.26.8 linux/amd64`.
 * @param {string} text
 * @returns {readonly [number, number, number] | undefined}
 */
export function parseVersion(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}

/**
 * Whether a found version is the wanted one or a later one.
 * @param {string} found
 * @param {string} wanted
 * @returns {boolean}
 */
export function isAtLeast(found, wanted) {
  const a = parseVersion(found);
  const b = parseVersion(wanted);
  if (!a || !b) return false;
  for (const [at, part] of a.entries()) {
    const other = b[at] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}

/**
 * Whether a Pulumi CLI found on the machine may stand in for the pinned one. The same minor version, the pinned patch or a later one:
 * patches only repair, whereas another minor may write state that the pinned engine of a colleague cannot read.
 * @param {string} found
 * @param {string} pinned
 * @returns {boolean}
 */
export function fitsPin(found, pinned) {
  const a = parseVersion(found);
  const b = parseVersion(pinned);
  if (!a || !b || /-(?:alpha|beta|rc|dev)/.test(found)) return false;
  return a[0] === b[0] && a[1] === b[1] && a[2] >= b[2];
}

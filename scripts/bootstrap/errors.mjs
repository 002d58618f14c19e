/** Exit codes of every command of the project (design.md, section 6). */
export const EXIT = Object.freeze({
  done: 0,
  no: 1,
  wrongUse: 2,
  unreachable: 3,
  refused: 4,
  interrupted: 130,
  bug: 70,
});

/**
 * A stop that a person can act on: what happened, and below it what to do. Anything else that is thrown is a bug of ours.
 */
export class Stop extends Error {
  /**
   * @param {number} exitCode one of {@link EXIT}
   * @param {string} message one line in the reader's language
   * @param {{ hint?: string, log?: string, cause?: unknown }} [more] `log` is the file that holds the whole output
   */
  constructor(exitCode, message, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "Stop";
    this.exitCode = exitCode;
    /** @type {string | undefined} */
    this.hint = more.hint;
    /** @type {string | undefined} */
    this.log = more.log;
  }
}

/**
 * The exit code for whatever was thrown.
 * @param {unknown} error
 * @returns {number}
 */
export function exitCodeOf(error) {
  return error instanceof Stop ? error.exitCode : EXIT.bug;
}

/** What package managers and Go print when the network, and not the request, is at fault. */
const NETWORK_SIGNS = [
  /no such host/i,
  /dial tcp/i,
  /i\/o timeout/i,
  /TLS handshake timeout/i,
  /connection (?:refused|reset|timed out)/i,
  /network is unreachable/i,
  /\b(?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/,
  /Temporary failure resolving|Could not resolve|Unable to connect to|Failed to fetch/,
  /NewConnectionError|ReadTimeoutError|ConnectTimeoutError|Failed to establish a new connection/,
  /unexpected EOF/,
  /\b(?:502 Bad Gateway|503 Service|504 Gateway)/,
];

/**
 * Whether the output of a failed command blames the network.
 * @param {string} output
 * @returns {boolean}
 */
export function blamesNetwork(output) {
  return NETWORK_SIGNS.some((sign) => sign.test(output));
}

/**
 * The `code` of a Node system error (`ENOENT`, ...), or "" for anything else.
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

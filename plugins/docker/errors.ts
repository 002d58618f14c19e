/** What can go wrong, told apart by whose fault it is. */

/** The Docker engine answered, and said no. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly status: number;
  /** What the engine said, alone. */
  readonly said: string;
  constructor(status: number, said: string, what: string) {
    super(`${what}: Docker answered ${status}: ${said}`);
    this.status = status;
    this.said = said;
  }
}

/** No Docker engine answers where one was expected. */
export class EngineUnreachable extends Error {
  override readonly name = "EngineUnreachable";
}

/** The operator must do something first; the message says what. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}

/** The run was cancelled, or its time was up. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** The object is there and in the state, but is not what it should be: Pulumi keeps it and the next run repairs it. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the engine answered with one of these statuses. */
export function isStatus(error: unknown, ...statuses: number[]): error is EngineError {
  return error instanceof EngineError && statuses.includes(error.status);
}

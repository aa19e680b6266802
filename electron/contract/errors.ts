// No schema here: the page takes the class, and would take all of zod with it.
export const errorCodes = [
  /** The request itself is wrong. */
  'bad-request',
  /** What it names does not exist (any more). */
  'not-found',
  /** It cannot be done now: say why and what to do. */
  'refused',
  /** A defect of the program. */
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error whose message is one short sentence for the user. */
export class KithError extends Error {
  override readonly name = 'KithError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

import { z } from 'zod';

export const ErrorCode = z.enum([
  /** The request itself is wrong. */
  'bad-request',
  /** What it names does not exist (any more). */
  'not-found',
  /** It cannot be done now: say why and what to do. */
  'refused',
  /** A defect of the program. */
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** An error whose message is one short sentence for the user. */
export class KithError extends Error {
  override readonly name = 'KithError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

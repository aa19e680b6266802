import type { VisionFailureCode } from './protocol.ts';

/**
 * A refusal of one photo. The message is one short sentence for the user; whatever else is thrown
 * while a photo is worked on is a defect or a crash.
 */
export class VisionFailure extends Error {
  override readonly name = 'VisionFailure';
  readonly code: VisionFailureCode;

  constructor(code: VisionFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

import type { VisionConfiguration, VisionReply, VisionRequest } from './protocol.ts';

/** What a supervisor sends: the configuration once, then requests, one at a time. */
export type ToVision =
  | {
      readonly kind: 'configure';
      readonly configuration: VisionConfiguration;
      /** Run at low priority, so that what the user does goes first. */
      readonly gentle: boolean;
    }
  | { readonly kind: 'request'; readonly id: number; readonly request: VisionRequest };

/** What a vision process sends. */
export type FromVision =
  /** It has its configuration and takes requests. */
  | { readonly kind: 'ready' }
  /**
   * What is needed for the request (models, provider) is loaded and the photo itself is begun: from
   * here on a crash or a delay is the photo's fault.
   */
  | { readonly kind: 'working'; readonly id: number }
  /** The answer; `residentBytes` is the process's memory after it. */
  | { readonly kind: 'reply'; readonly reply: VisionReply; readonly residentBytes: number };

/** The line to the process that started this one. */
export interface VisionPort {
  send(message: FromVision): void;
  onMessage(listener: (message: ToVision) => void): void;
  /** The other side is gone: nobody is left to work for. */
  onClose(listener: () => void): void;
}

/** Electron's process.parentPort, without importing electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/**
 * The line to the parent: Electron's utility process or Node's child process.
 *
 * @throws Error if this process was started by neither.
 */
export function openVisionPort(): VisionPort {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => {
        parentPort.on('message', (event) => listener(event.data as ToVision));
      },
      // Electron ends a utility process together with its parent.
      onClose: () => undefined,
    };
  }
  if (process.send === undefined) {
    throw new Error('A vision process must be started by a supervisor, with a message channel.');
  }
  return {
    send: (message) => {
      // When the channel has just closed, `onClose` ends the process; the message has no reader.
      process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', (message) => listener(message as ToVision));
    },
    onClose: (listener) => {
      process.once('disconnect', listener);
    },
  };
}

import type { ServerMessage } from '../contract/messages.ts';
import type { EngineToHost, HostToEngine } from './line.ts';

/** One renderer's end of a MessageChannel. */
export interface RendererPort {
  send(message: ServerMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/** The engine's line to the process that started it. */
export interface ParentLine {
  send(message: EngineToHost): void;
  onMessage(listener: (message: HostToEngine, ports: readonly RendererPort[]) => void): void;
  onClose(listener: () => void): void;
}

/** Electron's MessagePortMain, as far as it is used; its types belong to the shell. */
interface PortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** What Electron gives a utility process to speak with its parent. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { data: unknown; ports: readonly PortMain[] }) => void,
  ): unknown;
}

/**
 * The line that this process was started with: Electron's parent port or Node's channel.
 *
 * @throws Error when it was started by hand.
 */
export function parentLine(): ParentLine {
  const { parentPort } = process as { parentPort?: ElectronParentPort };
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) =>
        void parentPort.on('message', ({ data, ports }) =>
          listener(data as HostToEngine, ports.map(rendererPort)),
        ),
      // A utility process is ended by Electron together with its parent.
      onClose: () => undefined,
    };
  }
  if (!process.send) throw new Error('The engine is started by Kith, not by hand.');
  return {
    send(message) {
      // With a callback, a line that breaks meanwhile is no error: `onClose` tells of it.
      if (process.connected) process.send!(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) =>
      void process.on('message', (message) => listener(message as HostToEngine, [])),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}

function rendererPort(port: PortMain): RendererPort {
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => void port.on('close', listener),
  };
}

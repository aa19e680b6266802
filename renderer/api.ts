import { createClient, type Client } from '../electron/contract/client.ts';
import type {
  Channel,
  ChannelInput,
  ChannelResult,
  EventName,
  EventPayload,
} from '../electron/contract/channels.ts';
import { KithError } from '../electron/contract/errors.ts';
import type { Connection, ServerMessage } from '../electron/contract/messages.ts';
import type { Folder } from '../electron/contract/entities.ts';
import type { z } from 'zod';

export type FolderEntity = z.infer<typeof Folder>;

/** What Electron's preload puts on the window; absent in a browser. */
export interface KithHost {
  readonly kind: 'electron';
  readonly platform: string;
  /** Asks by the system's own dialog and adds the folder; null when the user changed their mind. */
  chooseFolder(): Promise<FolderEntity | null>;
  /** Shows a photo's file in the file manager; what hinders that, as a sentence, or null. */
  showPhoto(photoId: number): Promise<string | null>;
  /** Asks for a port to the engine, which arrives as a window message `kith:port`. */
  requestPort(): void;
}

declare global {
  interface Window {
    readonly kithHost?: KithHost;
  }
}

export type LinkState = 'connecting' | 'open' | 'lost';

/** Milliseconds between attempts to reach the engine again: quick at first, then patient. */
const retryDelays = [150, 400, 1000, 2000, 4000] as const;
/** A port that does not come within this time is asked for again. */
const portPatience = 8000;

function socketConnection(): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const address = new URL('/socket', location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.search = location.search;
    const socket = new WebSocket(address);
    socket.onerror = () => reject(new Error('unreachable'));
    socket.onopen = () =>
      resolve({
        send: (message) => socket.send(JSON.stringify(message)),
        onMessage: (listener) => {
          socket.onmessage = (event: MessageEvent<string>) =>
            listener(JSON.parse(event.data) as ServerMessage);
        },
        onClose: (listener) => {
          socket.onclose = listener;
        },
      });
  });
}

function portConnection(host: KithHost): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener('message', receive);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('no port'));
    }, portPatience);
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'kith:port' || !port) return;
      stop();
      resolve({
        send: (message) => port.postMessage(message),
        onMessage: (listener) => {
          port.onmessage = (message: MessageEvent<ServerMessage>) => listener(message.data);
        },
        // Electron tells a port that its other end is gone; nothing but its host hands out ports.
        onClose: (listener) => port.addEventListener('close', listener, { once: true }),
      });
    };
    window.addEventListener('message', receive);
    host.requestPort();
  });
}

type AnyListener = (payload: never) => void;

/**
 * The only way from the renderer to the engine, whatever host carries it. Reconnects by itself;
 * calls made while the line is down wait for it.
 */
class Api {
  #client: Promise<Client>;
  #opened: (client: Client) => void = () => undefined;
  #listeners = new Map<EventName, Set<AnyListener>>();
  #stateListeners = new Set<(state: LinkState) => void>();
  #attempt = 0;

  constructor() {
    this.#client = this.#nextClient();
    void this.#connect();
  }

  readonly host: KithHost | null = window.kithHost ?? null;

  /** Rejects with a KithError whose message is a sentence for the user. */
  async call<C extends Channel>(channel: C, args: ChannelInput<C>): Promise<ChannelResult<C>> {
    const client = await this.#client;
    return client.call(channel, args);
  }

  /** Shows a photo's file in the file manager. Rejects with a sentence for the user. */
  async showPhoto(photoId: number): Promise<void> {
    let problem: string | null;
    if (this.host) problem = await this.host.showPhoto(photoId);
    else {
      const response = await fetch(`/show/${String(photoId)}`, { method: 'POST' });
      problem = response.ok ? null : await response.text();
    }
    if (problem !== null) throw new KithError('refused', problem);
  }

  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listener as AnyListener);
    return () => set.delete(listener as AnyListener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  #nextClient(): Promise<Client> {
    return new Promise((resolve) => (this.#opened = resolve));
  }

  #tell(state: LinkState): void {
    for (const listener of this.#stateListeners) listener(state);
  }

  async #connect(): Promise<void> {
    try {
      const connection = await (this.host ? portConnection(this.host) : socketConnection());
      this.#open(connection);
    } catch {
      this.#tell('lost');
      this.#retry();
    }
  }

  #retry(): void {
    const delay = retryDelays[Math.min(this.#attempt++, retryDelays.length - 1)];
    setTimeout(() => void this.#connect(), delay);
  }

  #open(connection: Connection): void {
    const client = createClient({
      send: (message) => connection.send(message),
      onMessage: (listener) => connection.onMessage(listener),
      onClose: (listener) =>
        connection.onClose(() => {
          listener();
          this.#client = this.#nextClient();
          this.#tell('lost');
          this.#retry();
        }),
    });
    for (const event of [
      'scan.progress',
      'learning.progress',
      'map.progress',
      'library.changed',
      'notice',
    ] as const) {
      client.on(event, (payload) => {
        for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
      });
    }
    this.#attempt = 0;
    this.#opened(client);
    this.#tell('open');
  }
}

export const api = new Api();

/** The sentence to show for anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the thing asked for does not exist any more. */
export function isGone(error: unknown): boolean {
  return error instanceof KithError && error.code === 'not-found';
}

export function cropAddress(faceId: number): string {
  return `/crop/${String(faceId)}`;
}

/** @param size longest side in pixels; left out, the full picture */
export function photoAddress(photoId: number, size?: number): string {
  return `/photo/${String(photoId)}` + (size === undefined ? '' : `?size=${String(size)}`);
}

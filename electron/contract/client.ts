import type {
  AnyChannel,
  ChannelInput,
  ChannelResult,
  EventName,
  EventPayload,
} from './channels.ts';
import { KithError } from './errors.ts';
import type { Call, Connection, Subscribe } from './messages.ts';

export interface Client {
  readonly call: Call;
  readonly on: Subscribe;
}

/**
 * Speaks the contract over a connection, for every kind of host. Calls that are waiting when the
 * line closes are rejected with `refused`.
 */
export function createClient(connection: Connection): Client {
  let lastId = 0;
  let closed = false;
  const waiting = new Map<
    number,
    { resolve: (result: never) => void; reject: (error: Error) => void }
  >();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const lost = () => new KithError('refused', 'The connection to the library is gone.');

  connection.onMessage((message) => {
    if ('event' in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    const call = waiting.get(message.id);
    if (!call) return;
    waiting.delete(message.id);
    if (message.ok) call.resolve(message.result as never);
    else call.reject(new KithError(message.error.code, message.error.message));
  });
  connection.onClose(() => {
    closed = true;
    for (const call of waiting.values()) call.reject(lost());
    waiting.clear();
  });

  return {
    call<C extends AnyChannel>(channel: C, args: ChannelInput<C>): Promise<ChannelResult<C>> {
      return new Promise((resolve, reject) => {
        if (closed) return reject(lost());
        const id = ++lastId;
        waiting.set(id, { resolve: resolve as (result: never) => void, reject });
        connection.send({ id, channel, args });
      });
    },
    on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
  };
}

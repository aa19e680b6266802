import { z } from 'zod';
import type {
  AnyChannel,
  ChannelInput,
  ChannelResult,
  EventName,
  EventPayload,
} from './channels.ts';
import { errorCodes } from './errors.ts';

/** What travels to the engine over any port: structured clone in Electron and child processes, JSON over WebSocket. */
export const RequestMessage = z.object({
  id: z.int().min(0),
  channel: z.string(),
  args: z.unknown(),
});
export type RequestMessage = z.infer<typeof RequestMessage>;

export const ReplyMessage = z.union([
  z.object({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    id: z.int(),
    ok: z.literal(false),
    error: z.object({ code: z.enum(errorCodes), message: z.string() }),
  }),
]);
export type ReplyMessage = z.infer<typeof ReplyMessage>;

export const EventMessage = z.object({ event: z.string(), payload: z.unknown() });
export type EventMessage = z.infer<typeof EventMessage>;

export type ServerMessage = ReplyMessage | EventMessage;

/** One side of a two-way line to an engine; what carries it is the host's affair. */
export interface Connection {
  send(message: RequestMessage): void;
  /** Called for every message; a second call replaces the listener. */
  onMessage(listener: (message: ServerMessage) => void): void;
  /** Called once when the line is gone. */
  onClose(listener: () => void): void;
}

export type Call = <C extends AnyChannel>(
  channel: C,
  args: ChannelInput<C>,
) => Promise<ChannelResult<C>>;

export type Subscribe = <E extends EventName>(
  event: E,
  listener: (payload: EventPayload<E>) => void,
) => () => void;

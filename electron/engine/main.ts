import type { EventName } from '../contract/channels.ts';
import { KithError } from '../contract/errors.ts';
import { RequestMessage, type ServerMessage } from '../contract/messages.ts';
import { StoreError } from '../store/database.ts';
import { createAnswer, type Answer, type Caller } from './handlers.ts';
import { Library } from './library.ts';
import type { EngineToHost, HostToEngine } from './line.ts';
import { createLogger, type Logger } from './log.ts';
import { parentLine, type RendererPort } from './parent-line.ts';

/**
 * The engine's process: opens one library and answers the contract, to its host and to any number
 * of renderers. It ends with its host.
 */
const line = parentLine();
const rendererPorts = new Set<RendererPort>();
let library: Library | undefined;
let answer: Answer | undefined;
let log: Logger = createLogger(null);

const tell = (message: EngineToHost) => line.send(message);

line.onMessage((message: HostToEngine, ports) => {
  switch (message.kind) {
    case 'start':
      void start(message.configuration);
      return;
    case 'connect':
      for (const port of ports) connect(port);
      return;
    case 'request': {
      const { client } = message;
      const caller: Caller = client === 0 ? 'host' : 'renderer';
      void reply(caller, message.message, (text) =>
        tell({ kind: 'message', client, message: text }),
      );
      return;
    }
    case 'gone':
      return;
  }
});

// Ctrl+C in a terminal reaches every process of the group; the host hears it too and closes the line.
process.on('SIGINT', () => undefined);
line.onClose(() => void close().finally(() => process.exit(0)));

async function start(configuration: Parameters<typeof Library.open>[0]): Promise<void> {
  log = createLogger(configuration.logFile);
  try {
    library = await Library.open(configuration, log, emit);
    answer = createAnswer(library, close);
    library.resumeScans();
    tell({ kind: 'ready' });
  } catch (error) {
    log.error({ error }, 'the library cannot be opened');
    const expected = error instanceof StoreError || error instanceof KithError;
    const message = (error as Error).message;
    tell({ kind: 'failed', message: expected ? message : `Kith cannot start: ${message}` });
  }
}

function emit(event: EventName, payload: unknown): void {
  const message: ServerMessage = { event, payload };
  tell({ kind: 'message', client: null, message });
  for (const port of rendererPorts) port.send(message);
}

function connect(port: RendererPort): void {
  rendererPorts.add(port);
  port.onClose(() => rendererPorts.delete(port));
  port.onMessage((message) => void reply('renderer', message, (text) => port.send(text)));
}

async function reply(
  caller: Caller,
  message: unknown,
  send: (message: ServerMessage) => void,
): Promise<void> {
  const request = RequestMessage.safeParse(message);
  if (!request.success) {
    log.warn('a message that is no request was dropped');
    return;
  }
  const { id, channel, args } = request.data;
  try {
    if (!answer) throw new KithError('refused', 'The library is still opening.');
    send({ id, ok: true, result: await answer(caller, channel, args) });
  } catch (error) {
    if (error instanceof KithError) {
      send({ id, ok: false, error: { code: error.code, message: error.message } });
      return;
    }
    log.error({ error, channel }, 'a request failed');
    const text = `Something went wrong: ${(error as Error).message}`;
    send({ id, ok: false, error: { code: 'internal', message: text } });
  }
}

async function close(): Promise<void> {
  const closing = library;
  library = undefined;
  answer = undefined;
  await closing?.close();
}

import { constants, setPriority } from 'node:os';
import { inspect } from 'node:util';
import { VisionFailure } from './failure.ts';
import type { VisionPort } from './port.ts';
import type { VisionReply, VisionRequest } from './protocol.ts';
import { VisionService, type LoadModels } from './service.ts';

/** Serves requests that come in over a port, in their order, until the port closes. */
export function serveVision(port: VisionPort, load: LoadModels, exit: () => void): void {
  let service: VisionService | undefined;
  let last: Promise<void> = Promise.resolve();
  port.onClose(exit);
  port.onMessage((message) => {
    if (message.kind === 'configure') {
      // Threads inherit it, so it comes before the runtimes start theirs.
      if (message.gentle) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
      service = new VisionService(message.configuration, load);
      port.send({ kind: 'ready' });
      return;
    }
    const { id, request } = message;
    last = last.then(async () => {
      const reply = await answer(service, id, request, () => port.send({ kind: 'working', id }));
      port.send({ kind: 'reply', reply, residentBytes: process.memoryUsage.rss() });
    });
  });
}

async function answer(
  service: VisionService | undefined,
  id: number,
  request: VisionRequest,
  onWorking: () => void,
): Promise<VisionReply> {
  try {
    if (service === undefined) throw new Error('A request came before the configuration');
    return { id, ok: true, result: await service.answer(request, onWorking) };
  } catch (error) {
    if (error instanceof VisionFailure) {
      return { id, ok: false, error: { code: error.code, message: error.message } };
    }
    // A defect: it costs this photo, and its trace goes to the log of the supervisor.
    process.stderr.write(`${inspect(error)}\n`);
    const message = error instanceof Error ? error.message : String(error);
    return { id, ok: false, error: { code: 'crashed', message: `Reading failed: ${message}` } };
  }
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ChannelInput } from '../contract/channels.ts';
import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

function told(type: string, description: string | null): string {
  if (description === null) return `There was nothing to ${type}.`;
  if (type === 'undo') return `Undone: ${description}`;
  return type === 'redo' ? `Redone: ${description}` : description;
}

/** Applies one label action a line, in order; stops at the first that cannot be applied. */
export async function label(file: string, options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
    let lineNumber = 0;
    let applied = 0;
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        lineNumber++;
        if (line.trim() === '') continue;
        // The engine parses the action; here it only has to be JSON.
        const action = JSON.parse(line) as ChannelInput<'labels.apply'>;
        const result = await host.call('labels.apply', action);
        applied++;
        if (options.json) printJson(result);
        else printLine(told(action.type, result.description));
      }
    } catch (error) {
      const where = lineNumber === 0 ? file : `${file}, line ${lineNumber}`;
      const kept = applied === 0 ? '' : ` The ${count(applied, 'action')} before it took effect.`;
      throw new WorkFailure(`${where}: ${(error as Error).message}${kept}`);
    }
    await host.call('host.idle', {});
  });
}

import { printJson, printLine, type SharedOptions, withEngine } from './session.ts';

/** Lists the heads; with a version, that one is used from now on. */
export async function heads(version: string | undefined, options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const list =
      version === undefined
        ? await host.call('learning.heads', {})
        : await host.call('learning.activate', { version });
    if (version !== undefined) await host.call('host.idle', {});
    for (const head of list) {
      if (options.json) printJson(head);
      else printLine(`${head.active ? '*' : ' '} ${head.version}`);
    }
  });
}

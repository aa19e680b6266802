import { describe, expect, it } from 'vitest';
import { keepEngine } from '../../electron/engine/keeper.ts';
import type { HostedEngine } from '../../electron/engine/keeper.ts';
import type { Call } from '../../electron/contract/messages.ts';

/** Engines that the test ends by hand; `failFrom` is the number of the first start that fails. */
function engines(failFrom = Infinity) {
  const started: { exit(reason: string): void; closed: boolean }[] = [];
  const fork = async (): Promise<HostedEngine & { readonly number: number }> => {
    const number = started.length + 1;
    if (number >= failFrom) throw new Error('no models');
    let onExit: (exit: { expected: boolean; reason: string }) => void = () => undefined;
    const state = { exit: (reason: string) => onExit({ expected: false, reason }), closed: false };
    started.push(state);
    return {
      host: { call: (async () => number) as unknown as Call },
      number,
      onExit: (listener) => (onExit = listener),
      close: async () => {
        state.closed = true;
        onExit({ expected: true, reason: 'it was closed' });
      },
    };
  };
  return { started, fork };
}

async function keep(source: ReturnType<typeof engines>) {
  const said: string[] = [];
  const lost: string[] = [];
  let time = 0;
  const keeper = await keepEngine({
    fork: source.fork,
    say: (line) => said.push(line),
    onLost: (message) => lost.push(message),
    now: () => time,
  });
  return { keeper, said, lost, pass: (milliseconds: number) => (time += milliseconds) };
}

const whichEngine = (call: Call) => call('library.status', {}) as Promise<unknown>;

describe('keepEngine', () => {
  it('rejects where the first start fails', async () => {
    await expect(keep(engines(1))).rejects.toThrow('no models');
  });

  it('reports an end and starts the engine again', async () => {
    const source = engines();
    const { keeper, said, lost } = await keep(source);
    expect(await whichEngine(keeper.call)).toBe(1);
    source.started[0]?.exit('it was ended by SIGSEGV');
    expect(await whichEngine(keeper.call)).toBe(2);
    expect(said).toEqual(['The engine is gone: it was ended by SIGSEGV. Starting it again.']);
    expect(lost).toEqual([]);
    expect(keeper.running().number).toBe(2);
  });

  it('gives up when it ends again soon, and once only', async () => {
    const source = engines();
    const { keeper, lost } = await keep(source);
    source.started[0]?.exit('it ended with code 1');
    await whichEngine(keeper.call);
    source.started[1]?.exit('it ended with code 1');
    await expect(whichEngine(keeper.call)).rejects.toThrow('closed');
    expect(() => keeper.running()).toThrow('not open');
    expect(lost).toHaveLength(1);
    expect(source.started).toHaveLength(2);
  });

  it('starts it again when the ends lie far apart', async () => {
    const source = engines();
    const { keeper, lost, pass } = await keep(source);
    source.started[0]?.exit('it ended with code 1');
    await whichEngine(keeper.call);
    pass(3_600_000);
    source.started[1]?.exit('it ended with code 1');
    expect(await whichEngine(keeper.call)).toBe(3);
    expect(lost).toEqual([]);
  });

  it('says so when the second start fails', async () => {
    const source = engines(2);
    const { keeper, lost } = await keep(source);
    source.started[0]?.exit('it ended with code 1');
    await expect(whichEngine(keeper.call)).rejects.toThrow('no models');
    expect(lost).toEqual(['The engine did not start again: no models']);
  });

  it('does not take its own closing for a crash', async () => {
    const source = engines();
    const { keeper, said, lost } = await keep(source);
    await keeper.close();
    expect(source.started.map((engine) => engine.closed)).toEqual([true]);
    expect([said, lost]).toEqual([[], []]);
  });
});

import type { MessagePortMain } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePort, FakeUtility, becomeReady, resetDouble } from './electron-double.ts';
import { forkUtilityEngine } from '../../electron/shell/engine.ts';
import type { EngineConfiguration } from '../../electron/engine/line.ts';

vi.mock('electron', () => import('./electron-double.ts'));
beforeEach(resetDouble);

const configuration: EngineConfiguration = {
  libraryFolder: '/library',
  modelsFolder: '/models',
  samplesFolder: null,
  version: '1.0.0',
  logFile: null,
  overrides: {},
};

describe('the engine in a utility process', () => {
  it('is given its configuration first and is awaited', async () => {
    const engine = await forkUtilityEngine(configuration);
    const child = FakeUtility.made[0]!;
    expect(child.entry).toMatch(/engine[\\/]main\.ts$/);
    expect(child.received).toEqual([{ message: { kind: 'start', configuration }, ports: [] }]);
    await engine.close();
  });

  it('answers the host and tells it events', async () => {
    const engine = await forkUtilityEngine(configuration);
    const child = FakeUtility.made[0]!;
    expect(await engine.host.call('host.addFolder', { path: '/photos' })).toEqual({
      path: '/photos',
    });
    expect(child.received.at(-1)?.message).toMatchObject({ kind: 'request', client: 0 });
    const heard = vi.fn<(payload: object) => void>();
    engine.host.on('notice', heard);
    const payload = { level: 'info', message: 'Hello' } as const;
    child.tell({ kind: 'message', client: null, message: { event: 'notice', payload } });
    child.tell({ kind: 'message', client: 5, message: { event: 'notice', payload } });
    expect(heard.mock.calls).toEqual([[payload]]);
  });

  it('is given the port of a window', async () => {
    const engine = await forkUtilityEngine(configuration);
    const port = new FakePort();
    engine.connect(port as unknown as MessagePortMain);
    expect(FakeUtility.made[0]?.received.at(-1)).toEqual({
      message: { kind: 'connect' },
      ports: [port],
    });
  });

  it('rejects with the reason where the library cannot be opened', async () => {
    FakeUtility.behave = (child) => child.tell({ kind: 'failed', message: 'It is locked.' });
    await expect(forkUtilityEngine(configuration)).rejects.toThrow('It is locked.');
    expect(FakeUtility.made[0]?.killed).toBe(true);
  });

  it('rejects where the process ends before it is ready', async () => {
    FakeUtility.behave = (child) => child.emit('exit', 9);
    await expect(forkUtilityEngine(configuration)).rejects.toThrow('ended at its start');
  });

  it('reports a crash and rejects what waits', async () => {
    const engine = await forkUtilityEngine(configuration);
    FakeUtility.behave = () => undefined;
    const exits: object[] = [];
    engine.onExit((exit) => exits.push(exit));
    const waiting = engine.host.call('library.status', {});
    FakeUtility.made[0]!.emit('exit', 139);
    await expect(waiting).rejects.toThrow('gone');
    expect(exits).toEqual([{ expected: false, reason: 'it ended with code 139' }]);
  });

  it('closes the library before it ends the process', async () => {
    const engine = await forkUtilityEngine(configuration);
    const child = FakeUtility.made[0]!;
    const order: string[] = [];
    FakeUtility.behave = (engineProcess, message) => {
      if (message.kind === 'request') order.push(message.message.channel);
      becomeReady(engineProcess, message);
    };
    child.once('exit', () => order.push('exit'));
    const exits: object[] = [];
    engine.onExit((exit) => exits.push(exit));
    await Promise.all([engine.close(), engine.close()]);
    expect(order).toEqual(['host.close', 'exit']);
    expect(exits).toEqual([{ expected: true, reason: 'it ended with code 0' }]);
  });
});

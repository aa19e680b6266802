import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LearningProgress } from '../../../electron/contract/learning.ts';
import type { RunningEngine } from '../../../electron/engine/fork.ts';
import { drawLibrary, drawnNames, namedEach, people } from '../drawn-library.ts';
import { startEngine, temporaryPlace } from '../real-library.ts';

let place: ReturnType<typeof temporaryPlace>;
let engine: RunningEngine | undefined;
afterEach(async () => {
  await engine?.close();
  place.remove();
});

async function openLibrary(quietMilliseconds?: number): Promise<RunningEngine> {
  place = temporaryPlace();
  drawLibrary(place.library);
  const started = await startEngine(place.library, 2, {
    ...(quietMilliseconds !== undefined && { quietMilliseconds }),
  });
  await started.host.call('host.idle', {});
  return started;
}

async function nameFaces({ host }: RunningEngine): Promise<void> {
  for (const { faceIds, name } of drawnNames) {
    await host.call('labels.apply', { type: 'name', faceIds: [...faceIds], name });
  }
  await host.call('host.idle', {});
}

describe('learning', () => {
  it('offers, trains, uses the new head, and goes back', async () => {
    engine = await openLibrary();
    const { host } = engine;
    const { offer } = await host.call('learning.offer', {});
    expect(offer).toMatchObject({ people: 0, worthwhile: false });
    await nameFaces(engine);
    expect((await host.call('learning.offer', {})).offer).toEqual({
      people,
      faces: people * namedEach,
      rejections: 0,
      newLabels: people * namedEach,
      worthwhile: true,
    });
    for (const { personId, suggestedCount } of await host.call('people.list', {})) {
      const { precision } = await host.call('people.expected', { personId });
      if (suggestedCount === 0) expect(precision).toBeNull();
      else expect(Math.abs(precision! - 0.5)).toBeLessThanOrEqual(0.5);
    }
    const history = await host.call('labels.history', {});

    const told: LearningProgress[] = [];
    host.on('learning.progress', (progress) => told.push(progress));
    await host.call('learning.start', {});
    await expect(host.call('learning.start', {})).rejects.toThrow('Kith is learning already.');
    expect((await host.call('people.list', {})).length).toBe(people);
    const ended = await host.call('host.learningIdle', {});
    expect(ended).toMatchObject({ running: false, failure: null });
    expect(told.filter(({ latest }) => latest).length).toBeGreaterThan(100);

    const entry = (await host.call('learning.record', {}))!;
    expect(entry.version).toMatch(/^learnt-/u);
    expect(entry.record).toMatchObject({ people, faces: people * namedEach, reason: null });
    expect(entry.record.hardest.length).toBeGreaterThan(0);
    const heads = await host.call('learning.heads', {});
    expect(heads.map(({ version, active }) => [version, active])).toEqual([
      [entry.version, true],
      ['head-2', false],
    ]);
    await host.call('host.idle', {});
    expect((await host.call('learning.offer', {})).offer.worthwhile).toBe(false);
    const { groups } = (await host.call('learning.record', {}))!;
    expect(groups).toMatchObject({ from: entry.record.baseVersion, to: entry.version });
    const { turned, turnedRight, turnedWrong, pulled } = entry.record;
    expect(turned).toHaveLength(turnedRight!);
    expect(turnedRight!).toBeGreaterThanOrEqual(turnedWrong!);
    for (const { personId, beforePersonId } of turned!) expect(personId).not.toBe(beforePersonId);
    for (const { before, after } of pulled!) expect(after).toBeGreaterThan(before);

    // The next training starts anew, and replaces this head only if it is better than the first.
    expect(entry.record.thresholdShift).toBeGreaterThanOrEqual(0);
    await host.call('learning.start', {});
    await host.call('host.learningIdle', {});
    const next = (await host.call('learning.record', {}))!;
    expect(next.record.baseVersion).toBe(entry.version);
    expect(next.record.before.generic).toEqual(entry.record.before.generic);
    await host.call('host.idle', {});

    const back = await host.call('learning.activate', { version: 'head-2' });
    expect(back.find(({ active }) => active)?.version).toBe('head-2');
    await expect(host.call('learning.activate', { version: 'none' })).rejects.toThrow(
      'not there any more',
    );
    await host.call('host.idle', {});
    expect(await host.call('labels.history', {})).toEqual(history);
    const faces = await host.call('people.faces', { personId: 1 });
    expect(faces.faces.filter(({ state }) => state === 'confirmed').length).toBe(namedEach);
  }, 180_000);

  it('learns by itself where that is allowed, and not again what was cancelled', async () => {
    engine = await openLibrary(50);
    const { host } = engine;
    const seen: LearningProgress[] = [];
    host.on('learning.progress', (progress) => seen.push(progress));
    const begun = () => expect.poll(() => seen.some(({ running }) => running)).toBe(true);
    await nameFaces(engine);
    expect((await host.call('settings.get', {})).learnByItself).toBe(false);
    expect(seen).toEqual([]);
    await host.call('settings.set', { learnByItself: true });
    await begun();
    await host.call('learning.cancel', {});
    seen.length = 0;
    await host.call('settings.set', { learnByItself: false });
    await host.call('settings.set', { learnByItself: true });
    await host.call('host.rebuildGroups', {});
    // One more label makes it new, the timer runs from there.
    await host.call('labels.apply', { type: 'confirm', faceIds: [namedEach + 1], personId: 1 });
    expect(seen).toEqual([]);
    await begun();
    expect(await host.call('host.learningIdle', {})).toMatchObject({ failure: null });
    expect((await host.call('learning.record', {}))!.record.faces).toBe(people * namedEach + 1);
  }, 180_000);

  it('keeps the old head when it is killed, and goes on where it was', async () => {
    engine = await openLibrary();
    await nameFaces(engine);
    const gone = new Promise<void>((resolve) => engine!.onExit(() => resolve()));
    engine.host.on('learning.progress', ({ latest }) => {
      // The first twenty steps are saved by then.
      if (latest?.step === 25) process.kill(engine!.processId!, 'SIGKILL');
    });
    await engine.host.call('learning.start', {}).catch(() => undefined);
    await gone;
    expect(existsSync(join(place.library, 'training.checkpoint'))).toBe(true);

    engine = await startEngine(place.library);
    const { host } = engine;
    expect((await host.call('learning.heads', {})).map(({ version }) => version)).toEqual([
      'head-2',
    ]);
    expect(await host.call('learning.record', {})).toBeNull();
    expect((await host.call('people.list', {})).length).toBe(people);
    await host.call('learning.start', {});
    await host.call('host.learningIdle', {});
    const entry = (await host.call('learning.record', {}))!;
    expect(entry.version).not.toBeNull();
    // Not from the start, but from a saved step: 20, or a later one if that was quicker than the kill.
    const [{ phase, stage, step } = {}] = entry.record.steps;
    expect([phase, stage, step]).not.toEqual(['trial', 0, 1]);
    expect(step! % 20).toBe(1);
    expect(existsSync(join(place.library, 'training.checkpoint'))).toBe(false);
  }, 180_000);

  it('is cancelled, and says what is missing', async () => {
    engine = await openLibrary();
    const { host } = engine;
    await host.call('learning.start', {});
    expect((await host.call('host.learningIdle', {})).failure).toBe(
      'Name at least two people first.',
    );
    await nameFaces(engine);
    const under = new Promise<void>((resolve) => {
      host.on('learning.progress', ({ latest }) => latest && resolve());
    });
    await host.call('learning.start', {});
    await under;
    expect(await host.call('learning.cancel', {})).toMatchObject({ running: false, failure: null });
    expect((await host.call('learning.heads', {})).length).toBe(1);
    expect(await host.call('learning.record', {})).toBeNull();
  }, 180_000);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contents, makeVariants, startEngine, temporaryPlace } from './real-library.ts';

const seed = 20;
const kills = 20;

const place = temporaryPlace();
const undisturbed = temporaryPlace();
beforeAll(async () => {
  place.copySamples();
  await makeVariants(place.photos);
  writeFileSync(join(place.photos, 'broken.jpg'), 'not a photo');
}, 120_000);
afterAll(() => {
  place.remove();
  undisturbed.remove();
});

function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a scan killed at any point', () => {
  it(`goes on when resumed, and after ${kills} kills finds what an undisturbed scan finds`, async () => {
    const quiet = await startEngine(undisturbed.library);
    await quiet.host.call('host.addFolder', { path: place.photos });
    const started = performance.now();
    await quiet.host.call('host.idle', {});
    const duration = performance.now() - started;
    await quiet.close();
    const expected = contents(undisturbed.library);
    expect(expected.faces.length).toBeGreaterThan(20);
    expect(expected.failures).toEqual(['broken.jpg not-a-photo']);

    const random = randomNumbers(seed);
    const doneAtKill: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const engine = await startEngine(place.library);
      let done = 0;
      engine.host.on('scan.progress', (progress) => (done = progress.done));
      const gone = new Promise<void>((resolve) => engine.onExit(() => resolve()));
      if (kill === 0) await engine.host.call('host.addFolder', { path: place.photos });
      const timer = setTimeout(
        () => process.kill(engine.processId!, 'SIGKILL'),
        (random() * duration * 3) / kills + random() * 300,
      );
      await gone;
      clearTimeout(timer);
      doneAtKill.push(done);
    }
    // The kills have to hit the work itself, not only its beginning or end.
    expect(new Set(doneAtKill).size).toBeGreaterThan(1);

    const engine = await startEngine(place.library);
    await engine.host.call('scan.start', {});
    const progress = await engine.host.call('host.idle', {});
    expect(progress.phase).toBe('idle');
    await engine.close();
    expect(contents(place.library)).toEqual(expected);
  }, 300_000);
});

/**
 * How long learning takes, in synthetic libraries and through the real engine: a training on 2,000
 * named faces, and another head put into use in a library of a million faces. Meanwhile the views are
 * asked again and again, as by a user who does not wait.
 *
 *     node test/bench/learn-times.ts [--named 2000] [--faces 1000000] [--keep <folder>]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { learningTuning } from '../../electron/core/tuning.ts';
import { SHIPPED_HEAD } from '../../electron/engine/heads.ts';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import { startEngine } from '../engine/real-library.ts';
import { pretrainedHead } from './setting.ts';
import { homeLibrary, learnableLibrary } from './synthetic/parameters.ts';
import { SyntheticLibrary, type SyntheticParameters } from './synthetic/library.ts';
import { storeLibrary } from './synthetic/stored-library.ts';

const { values } = parseArgs({
  options: {
    named: { type: 'string', default: '2000' },
    faces: { type: 'string', default: '1000000' },
    keep: { type: 'string' },
  },
});
const root = values.keep ?? mkdtempSync(join(tmpdir(), 'kith-times-'));
console.log(`${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
// With other work on all cores, times are of that as well.
console.log(`load before: ${loadavg()[0]!.toFixed(1)}`);
try {
  if (Number(values.named) > 0) await timeTraining(Number(values.named));
  if (Number(values.faces) > 0) await timeSwitch(Number(values.faces));
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true, force: true });
}

/** A synthetic library in a folder, made when it is not kept from before. */
function made(
  faces: number,
  parameters: SyntheticParameters,
  name: string,
): { folder: string; library: SyntheticLibrary } {
  const folder = join(root, `${name}-${faces}`);
  const library = new SyntheticLibrary(faces, parameters, 1);
  if (!existsSync(join(folder, 'library.sqlite'))) {
    const started = performance.now();
    storeLibrary(folder, library, pretrainedHead());
    console.log(`made ${faces} faces in ${secondsSince(started)} s (not measured)`);
  }
  return { folder, library };
}

async function timeTraining(named: number): Promise<void> {
  const { folder, library } = made(2 * learningTuning.allFaces, learnableLibrary, 'learnable');
  const engine = await startEngine(folder);
  try {
    await engine.host.call('host.idle', {});
    await nameFaces(engine, library, named);
    await engine.host.call('host.idle', {});
    const asked = askViews(engine);
    const started = performance.now();
    await engine.host.call('learning.start', {});
    const { failure } = await engine.host.call('host.learningIdle', {});
    const seconds = secondsSince(started);
    const answers = await asked.stop();
    const { offer } = await engine.host.call('learning.offer', {});
    const record = (await engine.host.call('learning.record', {}))?.record;
    console.log(
      `training on ${record?.faces} named of ${offer.people} people and ${record?.unnamedFaces} other ` +
        `faces, trial, gate and all: ${seconds} s ` +
        `(${failure ?? (record?.reason === null ? `took ${record.share}` : `kept the old: ${record?.reason}`)})`,
    );
    console.log(`  ${answers}`);
  } finally {
    await engine.close();
  }
}

async function nameFaces({ host }: RunningEngine, library: SyntheticLibrary, wanted: number) {
  const facesOf = Map.groupBy(library.personOfFace.keys(), (face) => library.personOfFace[face]!);
  let named = 0;
  for (const [person, faces] of facesOf) {
    if (faces.length < 3 || named >= wanted) continue;
    const some = faces.slice(0, Math.min(Math.ceil(faces.length / 2), wanted - named));
    const faceIds = some.map((face) => face + 1);
    await host.call('labels.apply', { type: 'name', faceIds, name: `Person ${person}` });
    named += some.length;
  }
}

async function timeSwitch(faces: number): Promise<void> {
  const { folder } = made(faces, homeLibrary, 'home');
  rmSync(join(folder, 'kith.log'), { force: true });
  const engine = await startEngine(folder);
  try {
    const asked = askViews(engine);
    const started = performance.now();
    await engine.host.call('learning.activate', { version: SHIPPED_HEAD });
    console.log(`another head for ${faces} faces: in use after ${secondsSince(started)} s`);
    for (;;) {
      const done = /embedded \d+ faces in [\d.]+ s/u.exec(
        readFileSync(join(folder, 'kith.log'), 'utf8'),
      );
      if (done) {
        console.log(`  ${done[0]}, ${secondsSince(started)} s after it was asked for`);
        break;
      }
      await sleep(100);
    }
    await sleep(10_000);
    console.log(`  ${await asked.stop()} (until 10 s later, while the index is made)`);
    // Making the index of a million faces takes minutes: it goes on when the library is opened again.
    process.kill(engine.processId!, 'SIGKILL');
  } finally {
    await engine.close().catch(() => undefined);
  }
}

/** Asks for groups and people every 20 ms, and tells how long the answers took. */
function askViews({ host }: RunningEngine) {
  const times: number[] = [];
  let fewest = Infinity;
  let stopped = false;
  const asking = (async () => {
    while (!stopped) {
      const started = performance.now();
      const [, { total }] = await Promise.all([
        host.call('people.list', {}),
        host.call('groups.list', { minFaces: 2, offset: 0, limit: 50 }),
      ]);
      times.push(performance.now() - started);
      fewest = Math.min(fewest, total);
      await sleep(20);
    }
  })();
  return {
    async stop(): Promise<string> {
      stopped = true;
      await asking;
      times.sort((a, b) => a - b);
      const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
      return (
        `meanwhile ${times.length} times people and groups: median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, ` +
        `all within ${at(1)} ms; never fewer than ${fewest} groups`
      );
    },
  };
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

/**
 * How fast Kith scans a folder, how much memory it needs, how far it is from the floor of its own
 * work, and how that compares to face-api.
 *
 *     npm run bench:scan -- <folder> [--limit n] [--face-api-limit n] [--processes n] [--json]
 *
 * The floor is what decoding and inference alone take: the very views, regions and model calls that
 * Kith's pipeline asks for are recorded first, then made again without anything else, by as many
 * processes as Kith has, photos handed out one by one. It is taken before and after Kith's scan, so
 * that a machine with other things to do shows in the spread. Ratio = floor ÷ Kith.
 */
import { copyFile, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { walk } from '../../electron/engine/scan/walk.ts';
import { startCrew, type Crew } from './crew.ts';
import type { FloorAnswer, FloorTask, PhotoWork } from './scan-floor-member.ts';
import { scanWithKith } from './scan-kith.ts';
import { formatReport, type FloorRound, type ScanReport } from './scan-report.ts';

const usage =
  'usage: npm run bench:scan -- <folder> [--limit n] [--face-api-limit n] [--processes n] [--json]';

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      'face-api-limit': { type: 'string', default: '200' },
      processes: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
    },
  });
  const whole = (text: string, least: number) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least) throw new RangeError(`Not fit: ${text}`);
    return number;
  };
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new RangeError('Give one folder.');
  return {
    folder: resolve(folder),
    limit: values.limit === undefined ? Infinity : whole(values.limit, 1),
    /** Photos for face-api, 0 for none: it takes a second for each. */
    faceApiLimit: whole(values['face-api-limit'], 0),
    processes: whole(values.processes, 1),
    json: values.json,
  };
}

async function listPhotos(folder: string, limit: number): Promise<string[]> {
  const photos: string[] = [];
  for await (const step of walk(folder)) {
    if (photos.length >= limit) break;
    if (step.kind === 'file') photos.push(step.file.path);
  }
  return photos;
}

/** A folder of the same photos and no others: links where the file system has them, else copies. */
async function folderOf(photos: readonly string[], root: string, target: string): Promise<void> {
  for (const photo of photos) {
    const place = join(target, relative(root, photo));
    await mkdir(dirname(place), { recursive: true });
    await link(photo, place).catch(() => copyFile(photo, place));
  }
}

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function measureFloor(
  crew: Crew<FloorTask, FloorAnswer>,
  works: readonly PhotoWork[],
): Promise<FloorRound> {
  const decode = await crew.run(works.map((work): FloorTask => ({ kind: 'decode', work })));
  const infer = await crew.run(
    works.map(({ inference }): FloorTask => ({ kind: 'infer', inference })),
  );
  return {
    decodeSeconds: decode.seconds,
    inferenceSeconds: infer.seconds,
    cpuSeconds: decode.cpuSeconds + infer.cpuSeconds,
    machineSeconds: decode.machineSeconds + infer.machineSeconds,
  };
}

async function runFaceApi(
  works: readonly PhotoWork[],
  limit: number,
  processes: number,
): Promise<ScanReport['faceApi']> {
  const count = Math.min(limit, works.length);
  if (count === 0) return null;
  // Spread over the folder, since its ends may differ.
  const sample = Array.from(
    { length: count },
    (_, i) => works[Math.floor((i * works.length) / count)]!,
  );
  const crew = await startCrew<string, number | null>(entry('scan-face-api-member.ts'), processes);
  try {
    // The first photo compiles the WebAssembly kernels; the clock starts after it.
    await crew.run(sample.slice(0, processes).map(({ path }) => path));
    const { answers, seconds } = await crew.run(sample.map(({ path }) => path));
    return {
      photos: count,
      seconds,
      faces: answers.reduce((sum: number, faces) => sum + (faces ?? 0), 0),
      facesOfKith: sample.reduce((sum, { faceCount }) => sum + faceCount, 0),
    };
  } finally {
    crew.close();
  }
}

async function measure(): Promise<ScanReport> {
  const { folder, limit, faceApiLimit, processes } = options;
  const say = (text: string) => void (process.stderr.isTTY && process.stderr.write(`${text} …\n`));
  const photos = await listPhotos(folder, limit);
  if (photos.length === 0) throw new Error(`There are no photos in ${folder}.`);
  const loadBefore = loadavg()[0]!;
  const temporary = await mkdtemp(join(tmpdir(), 'kith-bench-photos-'));
  const crew = await startCrew<FloorTask, FloorAnswer>(entry('scan-floor-member.ts'), processes);
  try {
    say(`recording the work of ${photos.length} photos`);
    const recorded = await crew.run(photos.map((path): FloorTask => ({ kind: 'record', path })));
    // Kith looks at a photo that lies in several places once.
    const works = [
      ...new Map(
        recorded.answers.filter((work) => work !== null).map((work) => [work.sha256, work]),
      ).values(),
    ];
    say('floor, first time');
    const before = await measureFloor(crew, works);
    say('Kith');
    if (limit < Infinity) await folderOf(photos, folder, temporary);
    const kith = await scanWithKith(limit < Infinity ? temporary : folder, processes);
    say('floor, second time');
    const after = await measureFloor(crew, works);
    crew.close();
    say('face-api');
    const faceApi = await runFaceApi(works, faceApiLimit, processes);
    return {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      processes,
      load: { before: loadBefore, after: loadavg()[0]! },
      distinctPhotos: works.length,
      kith,
      floor: [before, after],
      faceApi,
    };
  } finally {
    crew.close();
    await rm(temporary, { recursive: true, force: true });
  }
}

let options: ReturnType<typeof readArguments>;
try {
  options = readArguments();
} catch (error) {
  console.error((error as Error).message);
  console.error(usage);
  process.exit(2);
}
const report = await measure();
console.log(options.json ? JSON.stringify(report) : formatReport(report));

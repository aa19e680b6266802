import type { KithScan } from './scan-kith.ts';

export interface FloorRound {
  readonly decodeSeconds: number;
  readonly inferenceSeconds: number;
  readonly cpuSeconds: number;
  /** Processor time of the whole machine meanwhile. */
  readonly machineSeconds: number;
}

export interface ScanReport {
  readonly processor: string;
  readonly cores: number;
  readonly processes: number;
  /** Processes that wanted to run, mean of a minute. */
  readonly load: { readonly before: number; readonly after: number };
  /** Readable ones, each counted once wherever it lies: the floor is of these. */
  readonly distinctPhotos: number;
  readonly kith: KithScan;
  /** Before and after Kith's scan. */
  readonly floor: readonly FloorRound[];
  readonly faceApi: {
    readonly photos: number;
    readonly seconds: number;
    readonly faces: number;
    /** Faces that Kith finds in the same photos. */
    readonly facesOfKith: number;
  } | null;
}

/** What is wanted. */
export const goals = { ratio: 0.6, peakBytes: 1.2e9 } as const;

export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/** Floor ÷ Kith: by the clock, and by processor time, which other work on the machine hardly moves. */
export function ratios({ kith, floor }: Pick<ScanReport, 'kith' | 'floor'>) {
  return {
    clock: spread(
      floor.map(
        ({ decodeSeconds, inferenceSeconds }) => (decodeSeconds + inferenceSeconds) / kith.seconds,
      ),
    ),
    processor:
      kith.cpuSeconds === null
        ? null
        : spread(floor.map(({ cpuSeconds }) => cpuSeconds / kith.cpuSeconds!)),
  };
}

export function formatReport(report: ScanReport): string {
  const { kith, floor, faceApi, distinctPhotos } = report;
  const rows: string[][] = [['', 'seconds', 'photos/s', 'faces/s', 'processor s']];
  const row = (name: string, seconds: Spread, photos: number, faces: number, cpu: Spread | null) =>
    rows.push([
      name,
      range(seconds, 1),
      (photos / seconds.mean).toFixed(1),
      (faces / seconds.mean).toFixed(1),
      cpu === null ? '' : range(cpu, 1),
    ]);
  row(
    'Kith',
    spread([kith.seconds]),
    kith.photos,
    kith.faces,
    kith.cpuSeconds === null ? null : spread([kith.cpuSeconds]),
  );
  const decode = spread(floor.map((round) => round.decodeSeconds));
  const inference = spread(floor.map((round) => round.inferenceSeconds));
  const both = spread(floor.map((round) => round.decodeSeconds + round.inferenceSeconds));
  row('floor', both, distinctPhotos, kith.faces, spread(floor.map((round) => round.cpuSeconds)));
  row('  decoding alone', decode, distinctPhotos, kith.faces, null);
  row('  inference alone', inference, distinctPhotos, kith.faces, null);
  if (faceApi !== null) {
    row('face-api', spread([faceApi.seconds]), faceApi.photos, faceApi.faces, null);
  }
  const { clock, processor } = ratios(report);
  const lines = [
    `${kith.photos} photos (${distinctPhotos} distinct and readable, ${kith.failed} failed), ` +
      `${kith.faces} faces`,
    `${report.processes} processes on ${report.cores} × ${report.processor}; ` +
      `load ${report.load.before.toFixed(1)} before, ${report.load.after.toFixed(1)} after`,
    '',
    ...alignColumns(rows),
    '',
    `ratio, floor ÷ Kith: ${range(clock, 2)} by the clock (wanted ≥ ${goals.ratio})` +
      (processor === null ? '' : `, ${range(processor, 2)} by processor time`),
    `meanwhile other programs took ${othersShares(report)} of the processor`,
    `grouping after the last photo: ${kith.groupingSeconds.toFixed(1)} s`,
    memoryLine(kith),
  ];
  if (faceApi !== null) {
    const speed = kith.photos / kith.seconds / (faceApi.photos / faceApi.seconds);
    lines.push(
      `face-api looked at ${faceApi.photos} photos and found ${faceApi.faces} faces, Kith ` +
        `${faceApi.facesOfKith} in the same; Kith is ${speed.toFixed(1)} times as fast`,
    );
  }
  return lines.join('\n');
}

/** How much of all cores went to other programs: where these differ, the clock compares unlike things. */
function othersShares({ kith, floor, cores }: ScanReport): string {
  const share = (machine: number, own: number, seconds: number) =>
    `${Math.round((Math.max(0, machine - own) / (seconds * cores)) * 100)} %`;
  const ofFloor = floor.map(({ decodeSeconds, inferenceSeconds, cpuSeconds, machineSeconds }) =>
    share(machineSeconds, cpuSeconds, decodeSeconds + inferenceSeconds),
  );
  const ofKith =
    kith.cpuSeconds === null ? '?' : share(kith.machineSeconds, kith.cpuSeconds, kith.seconds);
  return `${ofFloor[0]} (floor), ${ofKith} (Kith), ${ofFloor[1]} (floor again)`;
}

function memoryLine({ memory }: KithScan): string {
  if (memory === null) return 'memory: not measured on this platform';
  const megabytes = (bytes: number) => (Number.isNaN(bytes) ? '?' : Math.round(bytes / 1e6));
  const growth = memory.lastQuarterBytes / memory.secondQuarterBytes;
  return (
    `memory, engine and vision processes: peak ${megabytes(memory.peakBytes)} MB ` +
    `(wanted ≤ ${megabytes(goals.peakBytes)}), median in the second quarter of the photos ` +
    `${megabytes(memory.secondQuarterBytes)}, in the last ${megabytes(memory.lastQuarterBytes)}` +
    (Number.isNaN(growth) ? '' : ` (× ${growth.toFixed(2)})`)
  );
}

function range({ least, most, mean }: Spread, digits: number): string {
  const [from, to] = [least.toFixed(digits), most.toFixed(digits)];
  return from === to ? mean.toFixed(digits) : `${mean.toFixed(digits)} (${from} to ${to})`;
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]! + 2),
      )
      .join('')
      .trimEnd(),
  );
}

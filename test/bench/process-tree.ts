import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

/** One running process. */
interface ProcessEntry {
  readonly processId: number;
  readonly parentId: number;
  /** Memory that is really there; what processes share is counted in each. */
  readonly residentBytes: number;
  /** User and system time of all its threads since it began. */
  readonly cpuSeconds: number;
}

/** Sum over a process and all its descendants. */
export interface TreeSample {
  readonly residentBytes: number;
  /** Processor time by process id, for adding up over processes that end in between. */
  readonly cpuSeconds: ReadonlyMap<number, number>;
}

/** Processor time that the whole machine has spent on anything, seconds over all cores. */
export function machineBusySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0) / 1000;
}

/** Hundredths of a second, which Linux counts in on all common machines. */
const ticksPerSecond = 100;

/** @throws Error where processes cannot be listed (Windows). */
export async function sampleTree(rootId: number): Promise<TreeSample> {
  const entries = process.platform === 'linux' ? await listByProc() : await listByPs();
  const children = Map.groupBy(entries, (entry) => entry.parentId);
  const tree = entries.filter((entry) => entry.processId === rootId);
  for (const entry of tree) tree.push(...(children.get(entry.processId) ?? []));
  return {
    residentBytes: tree.reduce((sum, entry) => sum + entry.residentBytes, 0),
    cpuSeconds: new Map(tree.map((entry) => [entry.processId, entry.cpuSeconds])),
  };
}

async function listByProc(): Promise<ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    names.map(async (name): Promise<ProcessEntry[]> => {
      try {
        const [stat, status] = await Promise.all([
          readFile(`/proc/${name}/stat`, 'utf8'),
          readFile(`/proc/${name}/status`, 'utf8'),
        ]);
        // The name, in parentheses, may itself hold spaces and parentheses.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [
          {
            processId: Number(name),
            parentId: Number(fields[1]),
            residentBytes: Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
            cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
          },
        ];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    }),
  );
  return entries.flat();
}

async function listByPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [processId, parentId, kilobytes, time] = line.trim().split(/\s+/);
      return {
        processId: Number(processId),
        parentId: Number(parentId),
        residentBytes: Number(kilobytes) * 1024,
        cpuSeconds: secondsOfTime(time ?? ''),
      };
    });
}

/** `[[days-]hours:]minutes:seconds`, as ps writes it. */
export function secondsOfTime(text: string): number {
  const [clock = '', days = '0'] = text.split('-').reverse();
  return (
    clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) +
    Number(days) * 86_400
  );
}

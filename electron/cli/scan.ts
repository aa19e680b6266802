import { Presets, SingleBar } from 'cli-progress';
import type { Folder, ScanProgress } from '../contract/entities.ts';
import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

/** Failures listed one by one on a terminal; the rest is counted. */
const listedFailures = 20;

export async function scan(paths: readonly string[], options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const bar = options.json ? undefined : createBar();
    let fatal: string | undefined;
    host.on('notice', ({ level, message }) => {
      if (level === 'error') fatal ??= message;
    });
    host.on('scan.progress', (progress) => {
      if (options.json) printJson({ type: 'progress', ...progress });
      else bar?.show(progress);
    });
    const folders: Folder[] = [];
    for (const path of paths) folders.push(await host.call('host.addFolder', { path }));
    await host.call('scan.start', { folderIds: folders.map((folder) => folder.folderId) });
    const done = await host.call('host.idle', {});
    bar?.stop();
    if (fatal !== undefined) throw new WorkFailure(fatal);

    const status = await host.call('library.status', {});
    const { failures, total } = await host.call('scan.failures', { limit: listedFailures });
    const offline = status.folders.filter(
      (folder) =>
        folder.status === 'offline' && folders.some((added) => added.folderId === folder.folderId),
    );
    if (options.json) {
      printJson({
        type: 'done',
        found: done.found,
        unchanged: done.unchanged,
        failed: done.failed,
        newFaces: done.faces,
        photos: status.photoCount,
        faces: status.faceCount,
        people: status.personCount,
        groups: status.groupCount,
      });
      for (const failure of failures) printJson({ type: 'failure', ...failure });
    } else {
      const fresh = done.found - done.unchanged;
      printLine(
        `Found ${count(done.found, 'photo')}, ${count(fresh, 'new or changed one')}, and ${count(done.faces, 'new face')}.`,
      );
      printLine(
        `The library has ${count(status.photoCount, 'photo')}, ${count(status.faceCount, 'face')}, ` +
          `${count(status.personCount, 'named person', 'named people')} and ${count(status.groupCount, 'group')} to name.`,
      );
      for (const { path, reason } of failures) printLine(`  failed: ${path}: ${reason}`);
      if (total > failures.length)
        printLine(`  and ${count(total - failures.length, 'more failure')}`);
    }
    const [gone] = offline;
    if (gone) throw new WorkFailure(`${gone.path} is not there. Is its drive connected?`);
  });
}

/** A progress bar on a terminal, nothing where output goes to a file. */
function createBar(): { show(progress: ScanProgress): void; stop(): void } | undefined {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar(
    {
      format: '{phase} {bar} {value}/{total} photos · {faces} faces · {rate} · {left}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show(progress) {
      const payload = {
        phase: progress.phase.padEnd(8),
        faces: progress.faces,
        rate: progress.photosPerSecond ? `${progress.photosPerSecond.toFixed(1)}/s` : '…',
        left: progress.secondsLeft === null ? '' : `${duration(progress.secondsLeft)} left`,
      };
      if (!started) {
        started = true;
        bar.start(progress.found, progress.done, payload);
        return;
      }
      bar.setTotal(progress.found);
      bar.update(progress.done, payload);
    },
    stop: () => bar.stop(),
  };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

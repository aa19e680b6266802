import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ScanProgress } from '../../contract/entities.ts';
import type { FileStamp } from '../../store/files.ts';
import type { PhotoAnalysis } from '../../vision/protocol.ts';
import type { Logger } from '../log.ts';
import type { VisionPool } from '../vision-pool.ts';
import { VisionFailure } from '../../vision/failure.ts';
import { keepPhoto, type PhotoKeeper } from './keep-photo.ts';
import { ProgressCounter } from './progress.ts';
import { walk } from './walk.ts';
import { WorkQueue } from './work-queue.ts';

export interface ScanOptions extends PhotoKeeper {
  readonly pool: () => VisionPool;
  readonly log: Logger;
  readonly now: () => number;
  readonly onProgress: (progress: ScanProgress) => void;
  /** Photos, faces or folders changed in the store. */
  readonly onChange: (change: { readonly faces: boolean }) => void;
  readonly onNotice: (message: string) => void;
}

/** Photos handed out per vision process: one in work, one waiting so that none idles. */
const ahead = 2;

/** Finds new and changed photos in the library's folders and has them looked at. */
export class Scan {
  readonly #options: ScanOptions;
  readonly #progress: ProgressCounter;
  #running: Promise<void> | undefined;
  #abort = new AbortController();
  #pausing: { readonly gate: Promise<void>; readonly open: () => void } | undefined;
  /** Folders that wait to be walked, and those of the scan under way. */
  #folders: number[] = [];
  #taken = new Set<number>();
  #reported = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#progress = new ProgressCounter(options.now);
  }

  get progress(): ScanProgress {
    return this.#progress.snapshot();
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Scans these folders, or adds them to the scan under way. */
  start(folderIds: readonly number[]): void {
    for (const folderId of folderIds) {
      if (this.#folders.includes(folderId) || this.#taken.has(folderId)) continue;
      this.#folders.push(folderId);
    }
    if (this.#running || this.#folders.length === 0) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal).finally(() => {
      this.#running = undefined;
      this.#taken.clear();
      // Folders that came in at the last moment.
      if (this.#folders.length > 0) this.start([]);
    });
  }

  pause(): void {
    if (!this.#running || this.#pausing) return;
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    this.#pausing = { gate, open };
    this.#setPhase('paused');
  }

  resume(): void {
    if (!this.#pausing) return;
    this.#pausing.open();
    this.#pausing = undefined;
    this.#progress.forgetRate();
    this.#setPhase(this.#progress.complete ? 'scanning' : 'looking');
  }

  /** Ends the scan; what is done is kept, and the next scan goes on from there. */
  async cancel(): Promise<void> {
    this.#folders = [];
    this.#abort.abort();
    this.resume();
    await this.#running;
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { store, log } = this.#options;
    this.#progress.begin();
    this.#setPhase('looking');
    const queue = new WorkQueue<FileStamp>();
    const worked: number[] = [];
    const workers = Array.from({ length: this.#options.pool().processes * ahead }, () =>
      this.#work(queue, signal),
    );
    try {
      while (this.#folders.length > 0 && !signal.aborted) {
        const folderId = this.#folders.shift()!;
        this.#taken.add(folderId);
        if (await this.#walkFolder(folderId, queue, signal)) worked.push(folderId);
      }
      this.#progress.complete = !signal.aborted;
      if (this.#progress.phase === 'looking') this.#setPhase('scanning');
    } catch (error) {
      log.error({ error }, 'walking the folders failed');
      this.#options.onNotice(`The scan stopped: ${(error as Error).message}`);
      this.#abort.abort();
    } finally {
      queue.end();
      await Promise.all(workers);
      for (const folderId of worked) {
        if (!store.folders.get(folderId)) continue;
        if (signal.aborted) store.folders.setStatus(folderId, 'waiting');
        else store.folders.setScanned(folderId, this.#options.now());
      }
      this.#progress.current = null;
      this.#setPhase('idle');
      this.#options.onChange({ faces: false });
    }
  }

  /** Queues what is new or changed below one folder; false when the folder is not there. */
  async #walkFolder(
    folderId: number,
    queue: WorkQueue<FileStamp>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { store } = this.#options;
    const folder = store.folders.get(folderId);
    if (!folder) return false;
    const there = await stat(folder.path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!there) {
      store.folders.setStatus(folderId, 'offline');
      this.#options.onChange({ faces: false });
      return false;
    }
    store.folders.setStatus(folderId, 'scanning');
    const modelId = store.photos.modelId(this.#options.modelFingerprint);
    const seen = new Set<string>();
    const unseen: string[] = [];
    for await (const step of walk(folder.path)) {
      if (signal.aborted) return true;
      await this.#pausing?.gate;
      if (step.kind === 'unreadable') {
        if (step.path === folder.path) {
          store.folders.setStatus(folderId, 'offline');
          return false;
        }
        unseen.push(step.path);
        const stamp = { folderId, path: step.path, byteSize: 0, modifiedAt: 0 };
        if (store.files.byPath(step.path)?.photoId == null)
          this.#fail(stamp, 'unreadable', step.reason);
        continue;
      }
      const stamp: FileStamp = { folderId, ...step.file };
      seen.add(stamp.path);
      this.#progress.found++;
      const known = store.files.byPath(stamp.path);
      const unchanged =
        known && known.byteSize === stamp.byteSize && known.modifiedAt === stamp.modifiedAt;
      if (unchanged && (known.modelId === null || known.modelId === modelId)) {
        if (known.missing) store.files.setMissing(stamp.path, false);
        this.#progress.unchanged++;
        this.#progress.done++;
        if (known.failureCode !== null) this.#progress.failed++;
      } else queue.push(stamp);
      this.#report();
    }
    const outOfSight = (path: string) =>
      unseen.some((folderPath) => path === folderPath || path.startsWith(folderPath + sep));
    store.transaction(() => {
      for (const file of store.files.inFolder(folderId)) {
        if (!seen.has(file.path) && !file.missing && !outOfSight(file.path)) {
          store.files.setMissing(file.path, true);
        }
      }
    });
    return true;
  }

  async #work(queue: WorkQueue<FileStamp>, signal: AbortSignal): Promise<void> {
    for (let stamp = await queue.take(); stamp !== undefined; stamp = await queue.take()) {
      await this.#pausing?.gate;
      if (signal.aborted) continue;
      this.#progress.current = stamp.path;
      try {
        await this.#look(stamp, signal);
        this.#progress.settle();
      } catch (error) {
        if (signal.aborted) continue;
        if (!(error instanceof VisionFailure) || error.code === 'models-missing') {
          // Not this photo's fault: every other one would fail the same way.
          this.#options.log.error({ error, path: stamp.path }, 'scan stopped');
          this.#options.onNotice(`The scan stopped: ${(error as Error).message}`);
          this.#abort.abort();
          continue;
        }
        this.#fail(stamp, error.code, error.message);
        this.#progress.settle();
      }
      this.#report();
    }
  }

  async #look(stamp: FileStamp, signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const pool = this.#options.pool();
    // Only a file as long as a known photo can be that photo, moved or copied.
    if (store.photos.sizeKnown(stamp.byteSize)) {
      const { sha256 } = await pool.request({ kind: 'fingerprint', path: stamp.path }, { signal });
      const known = store.photos.byHash(sha256);
      if (known) {
        store.files.setPhoto(stamp, known.photoId);
        this.#options.onChange({ faces: true });
        if (known.modelId === store.photos.modelId(this.#options.modelFingerprint)) return;
      }
    }
    const analysis = await pool.request({ kind: 'analyze', path: stamp.path }, { signal });
    this.#keep(stamp, analysis);
  }

  #keep(stamp: FileStamp, analysis: PhotoAnalysis): void {
    const found = keepPhoto(this.#options, stamp, analysis);
    if (!found) return;
    this.#progress.faces += found.faces;
    this.#options.onChange({ faces: found.changed });
  }

  #fail(stamp: FileStamp, code: string, reason: string): void {
    this.#options.store.files.setFailure(stamp, code, reason, this.#options.now());
    this.#progress.failed++;
    this.#options.onChange({ faces: false });
  }

  #setPhase(phase: ScanProgress['phase']): void {
    this.#progress.phase = this.#pausing ? 'paused' : phase;
    this.#report(true);
  }

  #report(always = false): void {
    const now = this.#options.now();
    if (!always && now - this.#reported < 200) return;
    this.#reported = now;
    this.#options.onProgress(this.#progress.snapshot());
  }
}

import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { EventName, EventPayload } from '../contract/channels.ts';
import type { Folder, LibraryStatus, ScanProgress, Settings } from '../contract/entities.ts';
import type { Head } from '../core/head.ts';
import type { HeadCalibration } from '../core/verification.ts';
import {
  calibrationTuning,
  clusteringTuning,
  groupingTuning,
  learningTuning,
  pipelineVersion,
  scanTuning,
} from '../core/tuning.ts';
import { openCrops } from '../store/crops.ts';
import { lockLibrary } from '../store/database.ts';
import { openStore, type Store } from '../store/store.ts';
import { Census, type Scope } from './census.ts';
import { DrawnFaces } from './drawn-faces.ts';
import { Grouping } from './grouping/grouping.ts';
import { DividedIndex } from './grouping/divided-index.ts';
import { calibrationOf, currentHead, headOfRow, thresholdShiftOf } from './heads.ts';
import { FaceMaps } from './map/face-maps.ts';
import { Labels } from './labels.ts';
import type { EngineConfiguration } from './line.ts';
import type { Logger } from './log.ts';
import { PhotoFiles } from './photo-files.ts';
import { fingerprintOf } from './scan/keep-photo.ts';
import { Scan } from './scan/scan.ts';
import { readSettings, writeSettings } from './settings.ts';
import { Training } from './training/training.ts';
import * as view from './views.ts';
import { VisionPool } from './vision-pool.ts';

export type Emit = <E extends EventName>(event: E, payload: EventPayload<E>) => void;

/** One open library: its store, its scan, its groups and its labels. */
export class Library {
  readonly store: Store;
  readonly labels: Labels;
  readonly scan: Scan;
  readonly photoFiles: PhotoFiles;
  readonly drawnFaces: DrawnFaces;
  readonly training: Training;
  readonly maps: FaceMaps;
  readonly configuration: EngineConfiguration;
  readonly #crops: ReturnType<typeof openCrops>;
  readonly #unlock: () => void;
  readonly #log: Logger;
  readonly #emit: Emit;
  #pool: VisionPool | undefined;
  #grouping: Grouping | undefined;
  #head: Head | undefined;
  #calibration: HeadCalibration = calibrationTuning.encoder;
  readonly #census: Census;
  #learnTimer: NodeJS.Timeout | undefined;

  private constructor(
    configuration: EngineConfiguration,
    log: Logger,
    emit: Emit,
    manifest: string,
    unlock: () => void,
  ) {
    const { libraryFolder } = configuration;
    this.configuration = configuration;
    this.#log = log;
    this.#emit = emit;
    this.#unlock = unlock;
    this.store = openStore(this.#databasePath);
    this.#crops = openCrops(join(libraryFolder, 'crops.sqlite'));
    this.labels = new Labels(this.store, Date.now);
    this.#census = new Census(this.store, (change) => emit('library.changed', change));
    const pool = () => this.pool;
    this.photoFiles = new PhotoFiles(this.store, pool, join(libraryFolder, 'previews'));
    this.drawnFaces = new DrawnFaces(this.store, this.#crops, pool, this.photoFiles);
    this.training = new Training({
      store: this.store,
      databasePath: this.#databasePath,
      libraryFolder,
      modelsFolder: configuration.modelsFolder,
      log,
      now: Date.now,
      head: () => this.head,
      switchHead: () => this.#switchHead(),
      onProgress: (progress) => emit('learning.progress', progress),
    });
    this.maps = new FaceMaps({
      store: this.store,
      databasePath: this.#databasePath,
      mapsFolder: join(libraryFolder, 'maps'),
      log,
      onProgress: (progress) => emit('map.progress', progress),
    });
    this.scan = new Scan({
      store: this.store,
      crops: this.#crops,
      pool,
      modelFingerprint: fingerprintOf(manifest, pipelineVersion),
      log,
      now: Date.now,
      onProgress: (progress) => emit('scan.progress', this.#withGrouping(progress)),
      onChange: ({ faces }) => {
        this.changed('folders', 'photos');
        if (faces) this.regroup(groupingTuning.restMilliseconds);
      },
      onNotice: (message) => emit('notice', { level: 'error', message }),
    });
  }

  /**
   * Opens the library in its folder, made when missing.
   *
   * @throws StoreError when another process has it open or its file cannot be used.
   */
  static async open(configuration: EngineConfiguration, log: Logger, emit: Emit): Promise<Library> {
    const { libraryFolder, modelsFolder } = configuration;
    await mkdir(libraryFolder, { recursive: true });
    const unlock = lockLibrary(join(libraryFolder, 'lock.sqlite'));
    try {
      const manifest = await readFile(join(modelsFolder, 'manifest.json'), 'utf8').catch(() => '');
      const library = new Library(configuration, log, emit, manifest, unlock);
      await library.#openGrouping();
      void library.photoFiles.prune().catch((error: unknown) => log.warn({ error }, 'pruning'));
      return library;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get #databasePath(): string {
    return join(this.configuration.libraryFolder, 'library.sqlite');
  }

  get #indexFolder(): string {
    return join(this.configuration.libraryFolder, 'index');
  }

  get settings(): Settings {
    return readSettings(this.store);
  }

  /** The vision processes; started when first used. */
  get pool(): VisionPool {
    if (!this.#pool) {
      const { overrides, modelsFolder, libraryFolder } = this.configuration;
      const settings = this.settings;
      const processes = overrides.processes ?? (settings.processes || availableParallelism());
      this.#pool = new VisionPool({
        processes,
        gentle: settings.gentle,
        log: this.#log,
        configuration: {
          modelsFolder,
          provider: overrides.provider ?? settings.provider,
          acceptSlowProvider: overrides.acceptSlowProvider ?? false,
          cacheFolder: libraryFolder,
          limits: scanTuning,
        },
      });
    }
    return this.#pool;
  }

  /** Of the head in use. */
  get calibration(): HeadCalibration {
    return this.#calibration;
  }

  /** @throws KithError when the models are not there. */
  get head(): Head {
    if (!this.#head) {
      throw new KithError(
        'refused',
        'The models are missing. Install Kith again, or run its setup.',
      );
    }
    return this.#head;
  }

  /** A head that is kept in the library. @throws KithError when there is no such head. */
  headOf(version: string): Head {
    const row = this.store.heads.get(version);
    if (!row) throw new KithError('not-found', 'This head is not there any more.');
    return headOfRow(row);
  }

  /** Resumes what a crash or the user's leaving cut off. */
  resumeScans(): void {
    this.scan.start(this.store.folders.scanning());
  }

  status(): LibraryStatus {
    const { undo, redo } = this.labels.next();
    const { version } = this.configuration;
    return { ...this.#census.counts(), version, scan: this.progress(), undo, redo };
  }

  folders(): Folder[] {
    return this.#census.folders();
  }

  progress(): ScanProgress {
    return this.#withGrouping(this.scan.progress);
  }

  /** Adds a folder, or finds the one that already covers it; folders below it become part of it. */
  addFolder(path: string): Folder {
    const { folders } = this.store;
    const below = (inner: string, outer: string) =>
      inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
    const existing = folders.list();
    const covering = existing.find((other) => other.path === path || below(path, other.path));
    const folder = covering ?? folders.add(path);
    if (!covering) {
      const inner = existing.filter((other) => below(other.path, path));
      folders.absorb(
        folder.folderId,
        inner.map((other) => other.folderId),
      );
    }
    this.scan.start([folder.folderId]);
    this.changed('folders');
    return view.folder(folders.get(folder.folderId)!);
  }

  async removeFolder(folderId: number): Promise<void> {
    if (!this.store.folders.get(folderId)) {
      throw new KithError('not-found', 'This folder is not in the library any more.');
    }
    const others = this.store.folders.scanning();
    await this.scan.cancel();
    this.store.folders.remove(folderId);
    this.changed('folders', 'photos', 'people', 'groups');
    this.regroup(0);
    this.scan.start(others.filter((otherId) => otherId !== folderId));
  }

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const before = this.settings;
    const after = writeSettings(this.store, changes);
    const visionChanged =
      before.provider !== after.provider ||
      before.processes !== after.processes ||
      before.gentle !== after.gentle;
    if (visionChanged && this.#pool) await this.#restartVision();
    if (before.sureness !== after.sureness) this.regroup(0);
    if (!before.learnByItself && after.learnByItself) this.#learnSoon();
    this.changed('settings');
    return after;
  }

  /** Puts groups and views in step with what the user just said. */
  labelsChanged(): void {
    this.changed('people', 'groups', 'labels', 'photos');
    this.regroup(groupingTuning.afterLabelMilliseconds);
  }

  regroup(restMilliseconds: number): void {
    this.#grouping?.request(restMilliseconds);
  }

  get grouping(): Grouping {
    if (!this.#grouping) void this.head;
    return this.#grouping!;
  }

  /** Throws the groups and the index away and makes them anew. */
  async rebuildGroups(): Promise<void> {
    await this.#grouping?.close();
    await DividedIndex.remove(this.#indexFolder);
    this.store.groups.clear();
    await this.#openGrouping();
    this.regroup(0);
    await this.grouping.idle();
  }

  crop(faceId: number): { jpeg: Uint8Array; etag: string } {
    const key = this.store.faces.cropKey(faceId);
    const jpeg = key && this.#crops.get(key.sha256, key.ordinal);
    if (!key || !jpeg) throw new KithError('not-found', 'There is no picture of this face.');
    return { jpeg, etag: `${key.sha256}-${key.ordinal}` };
  }

  async idle(): Promise<ScanProgress> {
    for (;;) {
      await this.scan.idle();
      await this.#grouping?.idle();
      if (!this.scan.running && !this.#grouping?.busy) return this.progress();
    }
  }

  changed(...scopes: Scope[]): void {
    this.#census.changed(scopes);
  }

  /** Ends everything. A scan that was under way goes on when the library is opened again. */
  async close(): Promise<void> {
    clearTimeout(this.#learnTimer);
    const unfinished = this.store.folders.scanning();
    await this.training.cancel();
    await this.maps.close();
    await this.scan.cancel();
    for (const folderId of unfinished) this.store.folders.setStatus(folderId, 'scanning');
    await this.#pool?.close();
    await this.#grouping?.close();
    clearTimeout(this.#learnTimer);
    this.#census.close(unfinished.length === 0);
    this.#crops.close();
    this.store.close();
    this.#unlock();
  }

  /** Learns when all has stood still for a while, where the user allows it. */
  #learnSoon(): void {
    clearTimeout(this.#learnTimer);
    if (!this.settings.learnByItself) return;
    const { quietMilliseconds = learningTuning.quietMilliseconds } = this.configuration.overrides;
    this.#learnTimer = setTimeout(() => {
      const busy = this.scan.running || this.#grouping?.busy === true;
      // A grouping that is under way asks again when it ends; a scan brings one.
      if (!busy && this.settings.learnByItself && this.#head) this.training.startIfWorthwhile();
    }, quietMilliseconds);
    this.#learnTimer.unref();
  }

  async #restartVision(): Promise<void> {
    const folders = this.store.folders.scanning();
    await this.scan.cancel();
    await this.#pool?.close();
    this.#pool = undefined;
    this.scan.start(folders);
  }

  /** Uses the head that the settings name; the groups stay on show until the new ones are there. */
  async #switchHead(): Promise<void> {
    await this.#grouping?.abandon();
    await this.#openGrouping();
    this.changed('settings');
    this.regroup(0);
  }

  async #openGrouping(): Promise<void> {
    this.#head = await currentHead(
      this.store,
      this.configuration.modelsFolder,
      Date.now(),
      (version, error) =>
        this.#log.error({ version, error }, 'a head of the models is missing or damaged'),
    );
    if (!this.#head) return;
    this.#calibration = calibrationOf(
      this.store,
      this.configuration.modelsFolder,
      this.#head.version,
    );
    this.#grouping = new Grouping(
      {
        databasePath: this.#databasePath,
        indexFolder: this.#indexFolder,
        head: this.#head,
        thresholdShift: thresholdShiftOf(this.store, this.#head.version),
        offers: this.#calibration.offers,
      },
      {
        sureness: () => this.settings.sureness,
        wholeFaces: this.configuration.overrides.wholeFaces ?? clusteringTuning.wholeFaces,
      },
      this.store,
      this.#log,
      () => {
        this.changed('people', 'groups', 'photos');
        this.#emit('scan.progress', this.progress());
        this.#learnSoon();
      },
    );
    this.regroup(groupingTuning.restMilliseconds);
  }

  #withGrouping(progress: ScanProgress): ScanProgress {
    const grouping = progress.phase === 'idle' && this.#grouping?.busy === true;
    return grouping ? { ...progress, phase: 'grouping' } : progress;
  }
}

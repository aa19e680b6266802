import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { KithError } from '../../contract/errors.ts';
import type {
  GroupsChange,
  HeadEntry,
  LearningOffer,
  LearningProgress,
  LearningRecord,
  TrainingEntry,
} from '../../contract/learning.ts';
import type { Head } from '../../core/head.ts';
import { learningTuning } from '../../core/tuning.ts';
import type { TrainingRow } from '../../store/heads.ts';
import type { Store } from '../../store/store.ts';
import { entryPath } from '../entry.ts';
import { groupsKey } from '../grouping/grouping.ts';
import { calibrationOf, headOfRow, PRETRAINED_HEAD, rowOfHead, SHIPPED_HEAD } from '../heads.ts';
import type { Logger } from '../log.ts';
import type { TrainingMessage, TrainingStart } from './protocol.ts';

export interface TrainingSetting {
  readonly store: Store;
  readonly databasePath: string;
  readonly libraryFolder: string;
  readonly modelsFolder: string;
  readonly log: Logger;
  readonly now: () => number;
  readonly head: () => Head;
  /** Puts the head in use that the settings name. */
  readonly switchHead: () => Promise<void>;
  readonly onProgress: (progress: LearningProgress) => void;
}

/** Learns from labels, one training at a time, in a thread of its own; keeps heads as versions. */
export class Training {
  readonly #setting: TrainingSetting;
  #worker: Worker | undefined;
  /** Labels that the last training was begun with. */
  #tried: number | undefined;
  #ended: Promise<void> = Promise.resolve();
  #progress: LearningProgress = { running: false, latest: null, failure: null };

  constructor(setting: TrainingSetting) {
    this.#setting = setting;
  }

  get progress(): LearningProgress {
    return this.#progress;
  }

  offer(): LearningOffer {
    const { store } = this.#setting;
    // Asked after every answer of the user: it must not take longer in a library of a million faces.
    const { confirmed, several, ofSeveral, rejected } = store.labels.tally();
    const known = store.settings.get('labelsLearnt') as number | undefined;
    const newLabels = Math.max(0, confirmed + rejected - (known ?? 0));
    const { leastPeople, leastFaces, leastNewLabels, leastNewShare } = learningTuning;
    return {
      people: several,
      faces: ofSeveral,
      rejections: rejected,
      newLabels,
      worthwhile:
        several >= leastPeople &&
        ofSeveral >= leastFaces &&
        newLabels >= Math.max(leastNewLabels, leastNewShare * confirmed),
    };
  }

  /**
   * Trains where it is worth it and was not tried with the same labels: what was cancelled or failed
   * is not begun again by itself.
   */
  startIfWorthwhile(): void {
    if (this.#worker || !this.offer().worthwhile) return;
    if (this.#labels() !== this.#tried) this.start();
  }

  /** @throws KithError when one is under way. */
  start(): LearningProgress {
    if (this.#worker) throw new KithError('refused', 'Kith is learning already.');
    const { databasePath, libraryFolder, modelsFolder, now, head, log } = this.#setting;
    const started = now();
    const labels = this.#labels();
    this.#tried = labels;
    const base = this.#base();
    const inUse = head();
    const calibrationFor = ({ version }: Head) =>
      calibrationOf(this.#setting.store, modelsFolder, version);
    const start: TrainingStart = {
      databasePath,
      checkpointPath: join(libraryFolder, 'training.checkpoint'),
      genericPath: join(modelsFolder, 'generic-faces.bin'),
      base,
      inUse,
      calibration: calibrationFor(base),
      calibrationInUse: calibrationFor(inUse),
      version: `learnt-${started}`,
    };
    const worker = new Worker(entryPath(import.meta.url, './worker'), { workerData: start });
    this.#worker = worker;
    this.#tell({ running: true, latest: null, failure: null });
    this.#ended = new Promise((resolve) => {
      const end = (failure: string | null) => {
        if (this.#worker !== worker) return resolve();
        this.#worker = undefined;
        this.#tell({ ...this.#progress, running: false, failure });
        resolve();
      };
      worker.on('message', (message: TrainingMessage) => {
        // Steps of a training that was cancelled may still be on the way.
        if (this.#worker !== worker) return;
        if (message.kind === 'step') this.#tell({ ...this.#progress, latest: message.step });
        else if (message.kind === 'refused') end(message.message);
        else {
          this.#keep(message, started, labels)
            .then(() => end(null))
            .catch((error: unknown) => {
              log.error({ error }, 'a trained head cannot be kept');
              end('The new head could not be kept. Try again.');
            });
        }
      });
      worker.on('error', (error) => {
        log.error({ error }, 'training failed');
        end('Learning failed. Everything is as it was before.');
      });
    });
    return this.#progress;
  }

  #labels(): number {
    const { confirmed, rejected } = this.#setting.store.labels.tally();
    return confirmed + rejected;
  }

  /** Ends the training under way; the head before stays. */
  async cancel(): Promise<LearningProgress> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    if (worker) this.#tell({ running: false, latest: null, failure: null });
    return this.#progress;
  }

  /** Resolves when no training is under way. */
  async idle(): Promise<void> {
    if (this.#worker) await this.#ended;
  }

  /**
   * Training starts anew each time, from the head that Kith comes with: what one learnt head does to
   * strangers would be doubled by the next, and all labels are there still.
   */
  #base(): Head {
    const { store, head } = this.#setting;
    const inUse = head();
    const shipped = store.heads.trainingOf(inUse.version) && store.heads.get(SHIPPED_HEAD);
    return shipped ? headOfRow(shipped) : inUse;
  }

  heads(): HeadEntry[] {
    const { store, head } = this.#setting;
    const active = head().version;
    const learnt = new Set(store.heads.trainings().map((row) => row.version));
    return store.heads.list().map(({ version, madeAt }) => ({
      version,
      madeAt,
      active: version === active,
      origin: learnt.has(version) ? 'library' : version === PRETRAINED_HEAD ? 'encoder' : 'kith',
    }));
  }

  /** @throws KithError when there is no such head. */
  async activate(version: string): Promise<HeadEntry[]> {
    const { store, head, switchHead } = this.#setting;
    if (!store.heads.get(version)) {
      throw new KithError('not-found', 'This head is not there any more.');
    }
    if (this.#worker) throw new KithError('refused', 'Wait until Kith has learnt, or cancel it.');
    if (head().version !== version) {
      store.settings.set('head', version);
      await switchHead();
    }
    return this.heads();
  }

  /** One training, by default the latest; null when there is none. */
  record(trainingId?: number): TrainingEntry | null {
    const { heads } = this.#setting.store;
    const row = trainingId === undefined ? heads.trainings()[0] : heads.training(trainingId);
    return row ? this.#entry(row) : null;
  }

  #entry({ trainingId, version, endedAt, record }: TrainingRow): TrainingEntry {
    const groups = version === null ? null : this.#setting.store.settings.get(groupsKey(version));
    return {
      trainingId,
      version,
      endedAt,
      record: JSON.parse(record) as LearningRecord,
      groups: (groups as GroupsChange | undefined) ?? null,
    };
  }

  /** The new head, its record and its use become true together. */
  async #keep(
    message: TrainingMessage & { kind: 'done' },
    started: number,
    labels: number,
  ): Promise<void> {
    const { store, now, switchHead } = this.#setting;
    const { head } = message;
    const ended = now();
    const record: LearningRecord = { ...message.record, seconds: (ended - started) / 1000 };
    store.durably(() => {
      if (head) {
        store.heads.insert(rowOfHead(head, ended));
        store.settings.set('head', head.version);
      }
      store.heads.addTraining(head?.version ?? null, ended, JSON.stringify(record));
      store.settings.set('labelsLearnt', labels);
    });
    if (head) await switchHead();
  }

  #tell(progress: LearningProgress): void {
    this.#progress = progress;
    this.#setting.onProgress(progress);
  }
}

import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { groupingTuning } from '../../core/tuning.ts';
import type { Store } from '../../store/store.ts';
import { entryPath } from '../entry.ts';
import type { Logger } from '../log.ts';
import type { Neighbours } from './face-index.ts';
import type {
  AlikePair,
  GroupingOutcome,
  GroupingReply,
  GroupingRequest,
  GroupingStart,
} from './protocol.ts';

type Ask = GroupingRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

export interface GroupingLimits {
  /** Probability of being one person from which faces are joined, 0 to 1. */
  readonly sureness: () => number;
  /** Up to so many faces all is grouped anew each time. */
  readonly wholeFaces: number;
}

/** Where it is kept what a head made of the groups. */
export const groupsKey = (version: string) => `groups by ${version}`;

/** Keeps the groups in step with faces and labels, in a thread of its own, started when first used. */
export class Grouping {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #start: GroupingStart;
  #worker: Worker | undefined;
  readonly #onChange: () => void;
  readonly #limits: GroupingLimits;
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;
  #wanted = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastDuration = 0;
  #closed = false;

  constructor(
    start: GroupingStart,
    limits: GroupingLimits,
    store: Store,
    log: Logger,
    onChange: () => void,
  ) {
    this.#limits = limits;
    this.#store = store;
    this.#log = log;
    this.#onChange = onChange;
    this.#start = start;
  }

  get busy(): boolean {
    return this.#running !== undefined || this.#wanted;
  }

  /**
   * Groups anew soon. While a scan brings faces all the time, it waits for `restMilliseconds` and at
   * least three times as long as the last grouping took, so that scanning keeps the processor.
   */
  request(restMilliseconds: number): void {
    this.#wanted = true;
    if (this.#running || this.#closed) return;
    if (restMilliseconds === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#begin();
      return;
    }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#begin();
      },
      Math.max(restMilliseconds, 3 * this.#lastDuration),
    );
  }

  /** @param features 512 numbers of a face that need not be in the library. */
  search(features: Float32Array, count: number): Promise<Neighbours> {
    return this.#ask({ kind: 'search', features, count }) as Promise<Neighbours>;
  }

  /** The most alike pairs, each of the other faces at most once. */
  compare(
    faceIds: readonly number[],
    otherFaceIds: readonly number[],
    count: number,
  ): Promise<AlikePair[]> {
    return this.#ask({ kind: 'compare', faceIds, otherFaceIds, count }) as Promise<AlikePair[]>;
  }

  /** Share of the offered faces that are expected to be the person of the confirmed ones. */
  expect(confirmed: readonly number[], offered: readonly number[]): Promise<number | null> {
    return this.#ask({ kind: 'expect', confirmed, offered }) as Promise<number | null>;
  }

  /** Faces that are likely another person than the rest; none where no cut can be made. */
  proposeSplit(faceIds: readonly number[]): Promise<number[]> {
    return this.#ask({ kind: 'split', faceIds }) as Promise<number[]>;
  }

  /** Groups of two faces and more, and faces in them, that a sureness would give. */
  preview(sureness: number): Promise<{ groups: number; faces: number }> {
    return this.#ask({ kind: 'preview', sureness }) as Promise<{ groups: number; faces: number }>;
  }

  /** Resolves when the groups are in step. */
  async idle(): Promise<void> {
    while (this.busy && !this.#closed) {
      if (this.#timer) this.request(0);
      await this.#running;
    }
  }

  /** What is not indexed or grouped yet is done when the library is opened again. */
  async close(): Promise<void> {
    const saved = this.#worker && this.#ask({ kind: 'close' }).catch(() => undefined);
    this.#end();
    await this.#running;
    await saved;
    await this.#worker?.terminate();
  }

  /** Ends at once, without keeping the index: another head makes another. */
  async abandon(): Promise<void> {
    this.#end();
    // A thread that does not answer groups faces by itself, and has the index left alone.
    const left = this.#worker && this.#ask({ kind: 'abandon' }).catch(() => undefined);
    const { abandonMilliseconds } = groupingTuning;
    if (left) await Promise.race([left, wait(abandonMilliseconds, undefined, { ref: false })]);
    await this.#worker?.terminate();
    await this.#running;
  }

  #end(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wanted = false;
  }

  #begin(): void {
    if (this.#running || !this.#wanted || this.#closed) return;
    this.#wanted = false;
    this.#running = this.#group()
      .catch((error: unknown) => {
        if (!this.#closed) this.#log.error({ error }, 'grouping failed');
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#wanted) this.request(1000);
      });
  }

  async #group(): Promise<void> {
    const { groups, settings } = this.#store;
    const started = performance.now();
    const outcome = (await this.#ask({
      kind: 'group',
      lastClusterId: (settings.get('lastClusterId') as number | undefined) ?? 0,
      sureness: this.#limits.sureness(),
      wholeFaces: this.#limits.wholeFaces,
    })) as GroupingOutcome;
    // In slices, so that the user is answered in between. Cut off half way, all is grouped anew.
    this.#store.transaction(() => {
      settings.set('grouped', { ...outcome.state, unfinished: true });
      settings.set('lastClusterId', outcome.lastClusterId);
    });
    groups.move([], outcome.removed);
    const { facesPerWrite } = groupingTuning;
    for (let at = 0; at < outcome.changed.length; at += facesPerWrite) {
      groups.move(outcome.changed.slice(at, at + facesPerWrite), []);
      await nextTurn();
      if (this.#closed) return;
    }
    this.#store.transaction(() => {
      groups.describe(outcome);
      if (outcome.headChange) settings.set(groupsKey(outcome.headChange.to), outcome.headChange);
      settings.set('grouped', outcome.state);
    });
    this.#lastDuration = performance.now() - started;
    this.#log.info(
      { milliseconds: this.#lastDuration, changed: outcome.changed.length },
      'grouped',
    );
    this.#onChange();
    if (!this.#closed) await this.#ask({ kind: 'save' });
  }

  #ask(request: Ask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed && !this.#worker) return reject(new Error('The library is closed.'));
      // Not before it has something to do: loading the index of a large library takes the processor
      // for a while, which at the start belongs to the first screen.
      this.#worker ??= this.#startWorker();
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  #startWorker(): Worker {
    const worker = new Worker(entryPath(import.meta.url, './worker'), {
      workerData: this.#start,
      resourceLimits: { maxYoungGenerationSizeMb: groupingTuning.youngMemory },
    });
    worker.on('message', (reply: GroupingReply) => this.#receive(reply));
    worker.on('error', (error) => this.#lose(error));
    worker.on('exit', () => this.#lose(new Error('The grouping thread ended.')));
    return worker;
  }

  #receive(reply: GroupingReply): void {
    if ('kind' in reply) {
      this.#log.info(reply.text);
      return;
    }
    const call = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) call?.reject(new Error(reply.error));
    else call?.resolve(reply.result);
  }

  #lose(error: Error): void {
    if (!this.#closed) this.#log.error({ error }, 'the grouping thread is gone');
    for (const call of this.#waiting.values()) call.reject(error);
    this.#waiting.clear();
  }
}

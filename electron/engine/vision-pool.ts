import { visionPoolTuning } from '../core/tuning.ts';
import { VisionFailure } from '../vision/failure.ts';
import type { VisionConfiguration, VisionRequest, VisionResults } from '../vision/protocol.ts';
import type { Logger } from './log.ts';
import { spawnVision } from './spawn-vision.ts';
import { VisionWorker, type VisionChild, type WorkOutcome } from './vision-worker.ts';

/** 'user': somebody waits for it; goes before 'scan'. */
export type VisionPriority = 'user' | 'scan';

export interface VisionPoolOptions {
  /** Processes that scan at the same time; one more is started for a waiting user when all are busy. */
  readonly processes: number;
  readonly configuration: VisionConfiguration;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Starts a process; a child process unless the host has its own kind. */
  readonly spawn?: (onWords: (text: string) => void) => VisionChild;
  /** Scanning processes run at low priority. */
  readonly gentle?: boolean;
  readonly tuning?: Partial<Record<keyof typeof visionPoolTuning, number>>;
}

export interface VisionRequestOptions {
  /** Aborting rejects at once with the signal's reason; work already begun runs out unheard. */
  readonly signal?: AbortSignal;
  /** By default 'user' for previews, 'scan' for everything else. */
  readonly priority?: VisionPriority;
}

/** No vision process can be started, whatever the photo. */
export class VisionUnavailableError extends Error {
  override readonly name = 'VisionUnavailableError';
}

interface Task {
  readonly request: VisionRequest;
  readonly priority: VisionPriority;
  readonly resolve: (result: VisionResults[VisionRequest['kind']]) => void;
  readonly reject: (reason: unknown) => void;
  settled: boolean;
}

interface Slot {
  readonly worker: VisionWorker;
  /** The extra process that never scans. */
  readonly forUser: boolean;
  /** Works on a request that needs the models, before any process has loaded them. */
  loading: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

/**
 * Keeps vision processes at work and alive. A photo that crashes or stalls one costs only itself:
 * its request rejects with VisionFailure `crashed` or `too-slow`, and a new process goes on.
 */
export class VisionPool {
  readonly processes: number;
  readonly #options: VisionPoolOptions;
  readonly #tuning: Record<keyof typeof visionPoolTuning, number>;
  readonly #slots = new Set<Slot>();
  readonly #queues: Record<VisionPriority, Task[]> = { user: [], scan: [] };
  #failedStarts = 0;
  /** Some process has loaded the models, and remembered which provider suits the machine. */
  #warm = false;
  #unavailable: Error | undefined;

  constructor(options: VisionPoolOptions) {
    if (!(Number.isInteger(options.processes) && options.processes >= 1)) {
      throw new RangeError(`A pool needs at least one process: ${options.processes}`);
    }
    this.#options = options;
    this.#tuning = { ...visionPoolTuning, ...options.tuning };
    this.processes = options.processes;
  }

  /** Process ids of the processes that run now. */
  get pids(): number[] {
    return [...this.#slots].flatMap(({ worker }) => worker.pid ?? []);
  }

  /**
   * Has one request answered. Requests of one priority are begun in the order they came.
   *
   * @throws VisionFailure if the photo cannot be used; VisionUnavailableError if no process starts;
   * the signal's reason; an Error after `close`.
   */
  request<K extends VisionRequest['kind']>(
    request: Extract<VisionRequest, { kind: K }>,
    options: VisionRequestOptions = {},
  ): Promise<VisionResults[K]> {
    const { signal, priority = request.kind === 'preview' ? 'user' : 'scan' } = options;
    return new Promise((resolve, reject) => {
      if (this.#unavailable !== undefined) throw this.#unavailable;
      signal?.throwIfAborted();
      const onAbort = () => {
        this.#forget(task);
        task.reject(signal?.reason);
      };
      const settle = () => {
        task.settled = true;
        signal?.removeEventListener('abort', onAbort);
      };
      const task: Task = {
        request,
        priority,
        settled: false,
        resolve: (result) => {
          settle();
          // The reply's kind is the request's.
          resolve(result as VisionResults[K]);
        },
        reject: (reason) => {
          settle();
          reject(reason as Error);
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.#queues[priority].push(task);
      this.#pump();
    });
  }

  /** After VisionUnavailableError: lets requests try again to start processes. */
  retry(): void {
    if (this.#unavailable instanceof VisionUnavailableError) this.#unavailable = undefined;
    this.#failedStarts = 0;
  }

  /** Ends every process; requests not yet answered reject. */
  close(): void {
    this.#failAll(new Error('Kith is closing.'));
  }

  #pump(): void {
    for (const priority of ['user', 'scan'] as const) {
      const queue = this.#queues[priority];
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        if (this.#mustWaitForModels(next)) break;
        const slot = this.#slotFor(priority);
        if (slot === undefined) break;
        queue.shift();
        void this.#work(slot, next);
      }
    }
  }

  /**
   * The first process tries the providers out and measures them: others beside it would spoil its
   * figures, and do the same work again.
   */
  #mustWaitForModels(task: Task): boolean {
    if (this.#warm || !needsModels(task.request)) return false;
    return [...this.#slots].some(({ loading }) => loading);
  }

  /** An idle process, or a new one where there may be more; undefined if all are busy. */
  #slotFor(priority: VisionPriority): Slot | undefined {
    const idle = [...this.#slots].filter(({ worker }) => !worker.busy && worker.exit === undefined);
    const scanning = [...this.#slots].filter(({ forUser }) => !forUser);
    const idleScanning = idle.find(({ forUser }) => !forUser);
    if (idleScanning !== undefined) return idleScanning;
    if (priority === 'user') {
      if (idle[0] !== undefined) return idle[0];
      if (scanning.length < this.processes) return this.#start(false);
      return this.#slots.size === scanning.length ? this.#start(true) : undefined;
    }
    return scanning.length < this.processes ? this.#start(false) : undefined;
  }

  #start(forUser: boolean): Slot {
    const { configuration, log, gentle = false, spawn = spawnVision } = this.#options;
    const child = spawn((text) => log.warn({ text: text.trimEnd() }, 'a vision process says'));
    const worker = new VisionWorker({
      child,
      configuration,
      gentle: gentle && !forUser,
      millisecondsToStart: this.#tuning.millisecondsToStart,
    });
    const slot: Slot = { worker, forUser, loading: false, idleTimer: undefined };
    this.#slots.add(slot);
    child.onExit((how) => {
      clearTimeout(slot.idleTimer);
      if (this.#slots.delete(slot)) log.warn({ pid: child.pid, how }, 'a vision process ended');
    });
    log.info({ pid: child.pid, forUser }, 'a vision process started');
    return slot;
  }

  async #work(slot: Slot, task: Task): Promise<void> {
    clearTimeout(slot.idleTimer);
    slot.loading = !this.#warm && needsModels(task.request);
    const outcome = await slot.worker.run(task.request, () => {
      if (slot.loading) this.#modelsLoaded(slot);
    });
    slot.loading = false;
    if (outcome.kind === 'reply') {
      this.#failedStarts = 0;
      this.#answer(task, outcome.reply);
      this.#keepOrReplace(slot, outcome.residentBytes);
    } else {
      this.#slots.delete(slot);
      this.#lost(task, outcome);
    }
    this.#pump();
  }

  #modelsLoaded(slot: Slot): void {
    slot.loading = false;
    this.#warm = true;
    this.#pump();
  }

  #answer(task: Task, reply: Extract<WorkOutcome, { kind: 'reply' }>['reply']): void {
    if (task.settled) return;
    if (reply.ok) task.resolve(reply.result);
    else task.reject(new VisionFailure(reply.error.code, reply.error.message));
  }

  #lost(task: Task, outcome: Exclude<WorkOutcome, { kind: 'reply' }>): void {
    const how = outcome.kind === 'exit' ? outcome.how : 'time limit';
    if (this.#unavailable !== undefined) {
      task.reject(this.#unavailable);
      return;
    }
    // What a request is about, but never the bytes of a photo.
    const { kind, path } = { path: null, ...task.request };
    this.#options.log.warn({ kind, path, how }, 'a vision process was lost');
    if (outcome.starting) {
      this.#failedStarts++;
      if (this.#failedStarts >= this.#tuning.maxFailedStarts) {
        task.reject(this.#giveUp(how));
      } else if (!task.settled) {
        // Not this photo's fault: it comes first again.
        this.#queues[task.priority].unshift(task);
      }
    } else if (!task.settled) {
      task.reject(outcome.kind === 'timeout' ? this.#tooSlow() : crashed(outcome.how));
    }
  }

  #giveUp(how: string): Error {
    const error = new VisionUnavailableError(
      `The part of Kith that reads photos cannot be started (${how}).`,
    );
    this.#failAll(error);
    return error;
  }

  #tooSlow(): VisionFailure {
    const seconds = Math.round(this.#options.configuration.limits.millisecondsPerPhoto / 1000);
    return new VisionFailure(
      'too-slow',
      `This photo was given up after ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
    );
  }

  #keepOrReplace(slot: Slot, residentBytes: number): void {
    const { handled } = slot.worker;
    const tuning = this.#tuning;
    const patience = handled >= tuning.minRequestsPerProcess ? 1 : 2;
    const grown = residentBytes > tuning.maxResidentBytes * patience;
    if (grown || handled >= tuning.maxRequestsPerProcess) {
      this.#options.log.info({ pid: slot.worker.pid, handled, residentBytes }, 'replaced');
      this.#end(slot);
    } else {
      slot.idleTimer = setTimeout(() => this.#end(slot), tuning.millisecondsIdle).unref();
    }
  }

  #end(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    this.#slots.delete(slot);
    slot.worker.end();
  }

  #forget(task: Task): void {
    const queue = this.#queues[task.priority];
    const index = queue.indexOf(task);
    if (index >= 0) queue.splice(index, 1);
  }

  #failAll(error: Error): void {
    this.#unavailable ??= error;
    const tasks = [...this.#queues.user.splice(0), ...this.#queues.scan.splice(0)];
    for (const slot of [...this.#slots]) {
      this.#slots.delete(slot);
      clearTimeout(slot.idleTimer);
      slot.worker.kill();
    }
    for (const task of tasks) task.reject(error);
  }
}

function needsModels({ kind }: VisionRequest): boolean {
  return kind === 'analyze' || kind === 'look' || kind === 'report-providers';
}

function crashed(how: string): VisionFailure {
  return new VisionFailure('crashed', `Reading this photo crashed its process (${how}).`);
}

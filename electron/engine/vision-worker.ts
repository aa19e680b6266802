import type { FromVision, ToVision } from '../vision/port.ts';
import type { VisionConfiguration, VisionReply, VisionRequest } from '../vision/protocol.ts';

/** A running vision process as its supervisor sees it. */
export interface VisionChild {
  readonly pid: number | undefined;
  send(message: ToVision): void;
  onMessage(listener: (message: FromVision) => void): void;
  /** `how` says in words how it ended, as in 'signal SIGSEGV' or 'exit code 1: out of memory'. */
  onExit(listener: (how: string) => void): void;
  /** Lets an idle process end by itself. */
  end(): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

/** What came of one request. `starting`: before the photo itself was begun, so not the photo's fault. */
export type WorkOutcome =
  | { readonly kind: 'reply'; readonly reply: VisionReply; readonly residentBytes: number }
  | { readonly kind: 'exit'; readonly starting: boolean; readonly how: string }
  | { readonly kind: 'timeout'; readonly starting: boolean };

export interface VisionWorkerOptions {
  readonly child: VisionChild;
  readonly configuration: VisionConfiguration;
  readonly gentle: boolean;
  readonly millisecondsToStart: number;
}

interface Work {
  readonly id: number;
  readonly request: VisionRequest;
  readonly settle: (outcome: WorkOutcome) => void;
  readonly onBegun: () => void;
  begun: boolean;
  timer: NodeJS.Timeout;
}

/** One vision process and the one request it works on. */
export class VisionWorker {
  readonly #options: VisionWorkerOptions;
  #work: Work | undefined;
  #ready = false;
  #exit: string | undefined;
  #lastId = 0;

  constructor(options: VisionWorkerOptions) {
    this.#options = options;
    const { child, configuration, gentle } = options;
    child.onMessage((message) => this.#receive(message));
    child.onExit((how) => this.#exited(how));
    child.send({ kind: 'configure', configuration, gentle });
  }

  get pid(): number | undefined {
    return this.#options.child.pid;
  }

  get busy(): boolean {
    return this.#work !== undefined;
  }

  /** How the process ended, or undefined while it runs. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /** Requests given to this process so far. */
  get handled(): number {
    return this.#lastId;
  }

  /**
   * Hands over one request; never rejects. After an exit or a timeout the process is gone.
   *
   * @param onBegun Called when all that the request needs is loaded.
   */
  run(request: VisionRequest, onBegun: () => void): Promise<WorkOutcome> {
    if (this.busy) throw new Error('A vision process works on one request at a time');
    return new Promise((settle) => {
      if (this.#exit !== undefined) {
        settle({ kind: 'exit', starting: true, how: this.#exit });
        return;
      }
      const timer = this.#startTimer(this.#options.millisecondsToStart);
      this.#work = { id: ++this.#lastId, request, settle, onBegun, begun: false, timer };
      if (this.#ready) this.#send(this.#work);
    });
  }

  end(): void {
    this.#options.child.end();
  }

  kill(): void {
    this.#options.child.kill();
  }

  #send(work: Work): void {
    this.#options.child.send({ kind: 'request', id: work.id, request: work.request });
  }

  #receive(message: FromVision): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      if (this.#work !== undefined) this.#send(this.#work);
      return;
    }
    const work = this.#work;
    if (work === undefined) return;
    if (message.kind === 'working') {
      if (message.id !== work.id) return;
      work.begun = true;
      clearTimeout(work.timer);
      work.timer = this.#startTimer(this.#options.configuration.limits.millisecondsPerPhoto);
      work.onBegun();
      return;
    }
    if (message.reply.id !== work.id) return;
    const { reply, residentBytes } = message;
    this.#settle({ kind: 'reply', reply, residentBytes });
  }

  #startTimer(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const starting = this.#work?.begun !== true;
      this.#options.child.kill();
      this.#exit = 'time limit';
      this.#settle({ kind: 'timeout', starting });
    }, milliseconds);
  }

  #exited(how: string): void {
    this.#exit ??= how;
    this.#settle({ kind: 'exit', starting: this.#work?.begun !== true, how });
  }

  #settle(outcome: WorkOutcome): void {
    const work = this.#work;
    if (work === undefined) return;
    this.#work = undefined;
    clearTimeout(work.timer);
    work.settle(outcome);
  }
}

import type { ScanProgress } from '../../contract/entities.ts';

/** Over how long the speed is averaged, milliseconds: steady, yet follows a change of drives. */
const rateWindow = 20_000;

/** Counts what a scan does, and from it the rate and the time left. */
export class ProgressCounter {
  phase: ScanProgress['phase'] = 'idle';
  found = 0;
  done = 0;
  unchanged = 0;
  failed = 0;
  faces = 0;
  /** Whether all folders have been walked through, so that `found` is final. */
  complete = false;
  current: string | null = null;
  readonly #now: () => number;
  #settled: { at: number; count: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(): void {
    this.found = this.done = this.unchanged = this.failed = this.faces = 0;
    this.complete = false;
    this.#settled = [];
  }

  /** One photo was looked at. */
  settle(): void {
    this.done++;
    const at = this.#now();
    const last = this.#settled.at(-1);
    // One entry for each quarter of a second keeps this small at any speed.
    if (last && at - last.at < 250) last.count++;
    else this.#settled.push({ at, count: 1 });
    while (this.#settled.length > 1 && at - this.#settled[0]!.at > rateWindow) {
      this.#settled.shift();
    }
  }

  /** After a pause: time that passed without work says nothing about the speed. */
  forgetRate(): void {
    this.#settled = [];
  }

  snapshot(): ScanProgress {
    const first = this.#settled[0];
    const seconds = first ? (this.#now() - first.at) / 1000 : 0;
    const count = this.#settled.reduce((sum, entry) => sum + entry.count, 0);
    const photosPerSecond = this.phase === 'scanning' && seconds > 1 ? count / seconds : null;
    return {
      phase: this.phase,
      found: this.found,
      done: this.done,
      unchanged: this.unchanged,
      failed: this.failed,
      faces: this.faces,
      photosPerSecond,
      secondsLeft:
        photosPerSecond && this.complete ? (this.found - this.done) / photosPerSecond : null,
      current: this.current,
    };
  }
}

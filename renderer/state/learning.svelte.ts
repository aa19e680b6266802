import { api, errorText } from '../api.ts';
import type {
  HeadEntry,
  LearningOffer,
  LearningProgress,
  LearningStep,
  TrainingEntry,
} from '../../electron/contract/learning.ts';
import { toasts } from './toasts.svelte.ts';

/** What there is to learn, how far a training is, and what those before came to. */
export class Learning {
  offer = $state.raw<LearningOffer | null>(null);
  progress = $state.raw<LearningProgress>({ running: false, latest: null, failure: null });
  heads = $state.raw<readonly HeadEntry[]>([]);
  latest = $state.raw<TrainingEntry | null>(null);
  /** Steps of the training under way, as far as this view saw them. */
  steps = $state.raw<readonly LearningStep[]>([]);

  /** Listens until the returned function is called. */
  start(): () => void {
    return api.on('learning.progress', (progress) => {
      const ended = this.progress.running && !progress.running;
      this.progress = progress;
      if (progress.running) this.steps = progress.latest ? [...this.steps, progress.latest] : [];
      if (ended) void this.load();
      if (ended && progress.failure !== null) toasts.show(progress.failure, 'error');
    });
  }

  readonly load = () =>
    this.#try(async () => {
      const [{ offer, progress }, heads, latest] = await Promise.all([
        api.call('learning.offer', {}),
        api.call('learning.heads', {}),
        api.call('learning.record', {}),
      ]);
      this.offer = offer;
      this.progress = progress;
      this.heads = heads;
      this.latest = latest;
    });

  readonly begin = () =>
    this.#try(async () => void (this.progress = await api.call('learning.start', {})));

  readonly cancel = () =>
    this.#try(async () => void (this.progress = await api.call('learning.cancel', {})));

  readonly activate = (version: string) =>
    this.#try(async () => void (this.heads = await api.call('learning.activate', { version })));

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }
}

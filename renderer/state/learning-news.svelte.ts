import { api, errorText } from '../api.ts';
import type { LearningOffer, TrainingEntry } from '../../electron/contract/learning.ts';
import { coalesce } from '../logic/coalesce.ts';
import { strings } from '../strings.ts';
import { toasts } from './toasts.svelte.ts';

/** Milliseconds between two looks at what there is to learn, while the user labels. */
const offerPause = 4000;

/** Tells, wherever the user is, that learning is worth it, and what a training came to. */
class LearningNews {
  offer = $state.raw<LearningOffer | null>(null);
  running = $state(false);
  readonly worthwhile = $derived(this.offer?.worthwhile === true && !this.running);
  /** The latest training that was told of; null before the first look. */
  #told: number | null = null;

  /** Listens until the returned function is called. */
  start(): () => void {
    return api.on('learning.progress', (progress) => {
      const ended = this.running && !progress.running;
      this.running = progress.running;
      if (ended) void this.#ask();
    });
  }

  readonly look = coalesce(() => this.#ask(), offerPause);

  async #ask(): Promise<void> {
    try {
      const [{ offer, progress }, latest] = await Promise.all([
        api.call('learning.offer', {}),
        api.call('learning.record', {}),
      ]);
      this.offer = offer;
      this.running = progress.running;
      const trainingId = latest?.trainingId ?? 0;
      const told = this.#told;
      this.#told = trainingId;
      if (told !== null && latest && trainingId > told) this.#tell(latest);
    } catch {
      // The next look tells; the user asked for nothing here.
    }
  }

  #tell({ version, record }: TrainingEntry): void {
    const { news } = strings.learning;
    const { before, after, baseVersion } = record;
    if (version === null) return toasts.show(news.kept(record));
    toasts.show(news.learnt(record, before.accepted, after.accepted), 'info', {
      label: news.goBack,
      run: () => void this.#goBack(baseVersion),
    });
  }

  async #goBack(version: string): Promise<void> {
    try {
      await api.call('learning.activate', { version });
      toasts.show(strings.learning.news.wentBack);
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }
}

export const learningNews = new LearningNews();

import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { HistoryEntry } from '../../electron/contract/labels.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 100;
const reloadPause = 500;

/** What the user said, newest first, as far as it was looked at. */
export class LabelHistory {
  entries = $state.raw<readonly HistoryEntry[]>([]);
  total = $state(0);
  loaded = $state(false);
  #wanted = pageSize;

  readonly reload = coalesce(async () => {
    try {
      const entries: HistoryEntry[] = [];
      for (let total = 1; entries.length < Math.min(total, this.#wanted);) {
        const page = await api.call('labels.history', { offset: entries.length, limit: pageSize });
        this.total = page.total;
        total = page.entries.length === 0 ? 0 : page.total;
        entries.push(...page.entries);
      }
      this.entries = entries;
      this.loaded = true;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  more(): void {
    this.#wanted += pageSize;
    this.reload();
  }

  /** Later actions that build on one; null when that cannot be told now. */
  async dependents(eventId: number): Promise<readonly HistoryEntry[] | null> {
    try {
      return await api.call('labels.dependents', { eventId });
    } catch (error) {
      toasts.show(errorText(error), 'error');
      return null;
    }
  }
}

import { api, errorText, type LinkState } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { LibraryStatus, ScanProgress } from '../../electron/contract/entities.ts';
import type { ChannelResult } from '../../electron/contract/channels.ts';
import { toasts } from './toasts.svelte.ts';

export type Scope = 'folders' | 'photos' | 'people' | 'groups' | 'labels' | 'settings';
export type Failures = ChannelResult<'scan.failures'>;

type ScanCommand =
  'scan.start' | 'scan.pause' | 'scan.resume' | 'scan.cancel' | 'scan.retryFailures';

/** Milliseconds between two questions for the library's counts while it changes all the time. */
const statusPause = 400;

/** What every view needs to know: counts, the scan, whether the engine answers, and what changed. */
class Library {
  status = $state.raw<LibraryStatus | null>(null);
  scan = $state.raw<ScanProgress | null>(null);
  link = $state.raw<LinkState>('connecting');
  /** Counts up with every connection; what failed without one is tried again. */
  connection = $state(0);
  /** Counts up when something of that kind changed; views read theirs in an effect. */
  readonly changes = $state<Record<Scope, number>>({
    folders: 0,
    photos: 0,
    people: 0,
    groups: 0,
    labels: 0,
    settings: 0,
  });

  readonly scanning = $derived(this.scan !== null && this.scan.phase !== 'idle');
  /** Faces there are, or photos that a scan is about to look at: how large the library will be. */
  readonly expectedSize = $derived(Math.max(this.status?.faceCount ?? 0, this.scan?.found ?? 0));
  readonly folders = $derived(this.status?.folders ?? []);

  readonly #refresh = coalesce(async () => {
    try {
      const status = await api.call('library.status', {});
      this.status = status;
      this.scan = status.scan;
    } catch (error) {
      if (this.link === 'open') toasts.show(errorText(error), 'error');
    }
  }, statusPause);

  /** Listens to the engine until the returned function is called. */
  start(): () => void {
    const stops = [
      api.onState((state) => {
        this.link = state;
        if (state !== 'open') return;
        this.connection++;
        this.#refresh();
        this.#bump(['folders', 'photos', 'people', 'groups', 'labels', 'settings']);
      }),
      api.on('scan.progress', (progress) => {
        const ended = this.scanning && progress.phase === 'idle';
        this.scan = progress;
        if (ended) this.#refresh();
      }),
      api.on('library.changed', ({ scopes }) => {
        this.#refresh();
        this.#bump(scopes);
      }),
      api.on('notice', ({ level, message }) => toasts.show(message, level)),
    ];
    this.#refresh();
    return () => stops.forEach((stop) => stop());
  }

  #bump(scopes: readonly Scope[]): void {
    for (const scope of scopes) this.changes[scope]++;
  }

  async command(channel: ScanCommand): Promise<void> {
    try {
      this.scan = await api.call(channel, {});
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  async scanFolder(folderId: number): Promise<void> {
    try {
      this.scan = await api.call('scan.start', { folderIds: [folderId] });
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  async addSamples(): Promise<boolean> {
    return this.#attempt(() => api.call('folders.addSamples', {}));
  }

  async addFolder(entryId: string): Promise<boolean> {
    return this.#attempt(() => api.call('folders.add', { entryId }));
  }

  /** Electron's own dialog; false when nothing was added. */
  async chooseNatively(): Promise<boolean> {
    const { host } = api;
    return host !== null && (await this.#attempt(() => host.chooseFolder()));
  }

  async removeFolder(folderId: number): Promise<void> {
    await this.#attempt(async () => {
      await api.call('folders.remove', { folderId });
      return true;
    });
  }

  failures(offset: number, limit: number): Promise<Failures> {
    return api.call('scan.failures', { offset, limit });
  }

  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      const result = await work();
      this.#refresh();
      return result !== null;
    } catch (error) {
      toasts.show(errorText(error), 'error');
      return false;
    }
  }
}

export const library = new Library();

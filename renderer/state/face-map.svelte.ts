import { api, errorText } from '../api.ts';
import type { FaceMap } from '../../electron/contract/map.ts';
import type { HeadEntry } from '../../electron/contract/learning.ts';
import { coalesce } from '../logic/coalesce.ts';
import { emptyScene, islandsOf, unpackScene, type Scene } from '../map/packed.ts';
import { toasts } from './toasts.svelte.ts';

/** Milliseconds between two looks at whose the faces are, while labels change. */
const ownersPause = 800;

/** The picture of all faces: as which head sees them, in how many dimensions. */
export class FaceMapState {
  dimensions = $state<2 | 3>(2);
  /** The head whose map is shown or being made; null for the one in use. */
  version = $state.raw<string | null>(null);
  scene = $state.raw<Scene>(emptyScene);
  map = $state.raw<FaceMap | null>(null);
  heads = $state.raw<readonly HeadEntry[]>([]);
  /** How far a map is that is being made; null when none is. */
  share = $state.raw<number | null>(null);
  loaded = $state(false);
  readonly islands = $derived(islandsOf(this.scene));
  /** The latest wish: what comes for an earlier one is not shown. */
  #wish = 0;

  /** Listens until the returned function is called. */
  start(): () => void {
    const stop = api.on('map.progress', ({ dimensions, share }) => {
      if (this.share !== null && dimensions === this.dimensions) this.share = share;
    });
    return () => {
      this.#wish++;
      stop();
    };
  }

  /** Asks for the map that is wanted now, and shows it when it is there. */
  async load(): Promise<void> {
    const wish = ++this.#wish;
    this.share = 0;
    try {
      this.heads = await api.call('learning.heads', {});
      const { dimensions, version } = this;
      const [map, owners] = await Promise.all([
        api.call('map.get', { dimensions, ...(version !== null && { version }) }),
        api.call('map.owners', {}),
      ]);
      if (wish !== this.#wish) return;
      this.map = map;
      this.scene = unpackScene(map, owners);
    } catch (error) {
      if (wish === this.#wish) toasts.show(errorText(error), 'error');
    } finally {
      if (wish === this.#wish) {
        this.share = null;
        this.loaded = true;
      }
    }
  }

  /** Colours follow what the user said; places stay. */
  readonly recolour = coalesce(async () => {
    const { map } = this;
    if (!map) return;
    try {
      const owners = await api.call('map.owners', {});
      if (map === this.map) this.scene = unpackScene(map, owners);
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, ownersPause);

  show(dimensions: 2 | 3): void {
    if (dimensions === this.dimensions) return;
    this.dimensions = dimensions;
    void this.load();
  }

  /** @param version null for the head in use */
  see(version: string | null): void {
    if (version === this.version) return;
    this.version = version;
    void this.load();
  }

  /** The head in use was changed. */
  followHead(): void {
    this.version = null;
    void this.load();
  }
}

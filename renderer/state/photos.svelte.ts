import { api, errorText, isGone } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import { neighboursIn, noNeighbours, photosOf, type Neighbours } from '../logic/neighbours.ts';
import { noPages, onlyPages, withPage, type Pages } from '../logic/pages.ts';
import type { PhotoSource } from '../logic/routes.ts';
import type { PhotoDetail, PhotoSummary } from '../../electron/contract/entities.ts';
import { loadFaces } from './identity.svelte.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 200;
const reloadPause = 900;
/** How far around its remembered position a photo is looked for when the list has changed. */
const searchReach = 400;

/** All photos, loaded a page at a time where they are looked at: libraries may have 500,000. */
class Photos {
  total = $state(0);
  loaded = $state(false);
  #pages = $state.raw<Pages<PhotoSummary>>(noPages());
  #asked = new Set<number>();

  at(index: number): PhotoSummary | undefined {
    const page = Math.floor(index / pageSize);
    return this.#pages.get(page)?.[index % pageSize];
  }

  /** Loads what lies between two positions, where it is not there yet. */
  need(first: number, last: number): void {
    const from = Math.max(0, Math.floor(first / pageSize));
    for (let page = from; page <= Math.floor(last / pageSize); page++) {
      if (!this.#asked.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    this.#asked.add(page);
    try {
      const { total, photos } = await api.call('photos.list', {
        offset: page * pageSize,
        limit: pageSize,
      });
      this.total = total;
      this.loaded = true;
      this.#pages = withPage(this.#pages, page, photos);
    } catch (error) {
      this.#asked.delete(page);
      toasts.show(errorText(error), 'error');
    }
  }

  /** Asks again for what is looked at now; other pages are asked for when they are needed. */
  readonly reload = coalesce(async () => {
    const last = [...this.#asked].slice(-3);
    this.#asked = new Set(last);
    this.#pages = onlyPages(this.#pages, this.#asked);
    await Promise.all((last.length > 0 ? last : [0]).map((page) => this.#load(page)));
  }, reloadPause);
}

export const photos = new Photos();

async function neighboursOfAll(photoId: number, position: number): Promise<Neighbours> {
  const start = Math.max(0, position - 1);
  const near = await api.call('photos.list', { offset: start, limit: 3 });
  let offset = start;
  let list = near.photos.map((photo) => photo.photoId);
  if (!list.includes(photoId)) {
    offset = Math.max(0, position - searchReach / 2);
    const wide = await api.call('photos.list', { offset, limit: searchReach });
    list = wide.photos.map((photo) => photo.photoId);
  }
  const inside = neighboursIn(list, photoId);
  if (inside.position < 0) return { ...noNeighbours, total: near.total };
  return { ...inside, position: offset + inside.position, total: near.total };
}

/** One photo on the stage, and the way to the next one. */
export class PhotoStage {
  readonly photoId: number;
  readonly source: PhotoSource;
  readonly #position: number | null;
  photo = $state.raw<PhotoDetail | null>(null);
  neighbours = $state.raw<Neighbours>(noNeighbours);
  gone = $state(false);

  constructor(photoId: number, source: PhotoSource, position: number | null) {
    this.photoId = photoId;
    this.source = source;
    this.#position = position;
  }

  readonly reload = coalesce(async () => {
    try {
      this.photo = await api.call('photos.get', { photoId: this.photoId });
      this.gone = false;
    } catch (error) {
      if (isGone(error)) this.gone = true;
      else toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  async findNeighbours(): Promise<void> {
    try {
      const { source } = this;
      this.neighbours =
        source.kind === 'all'
          ? await neighboursOfAll(this.photoId, this.#position ?? 0)
          : neighboursIn(photosOf(await loadFaces(source)), this.photoId);
    } catch {
      // Without its list a photo is still worth looking at.
      this.neighbours = noNeighbours;
    }
  }
}

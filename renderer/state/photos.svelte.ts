import { api, errorText, isGone } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import { neighboursIn, noNeighbours, photosOf, type Neighbours } from '../logic/neighbours.ts';
import { noPages, onlyPages, withPage, type Pages } from '../logic/pages.ts';
import type { PhotoSource } from '../logic/routes.ts';
import type { ChannelResult } from '../../electron/contract/channels.ts';
import type { PhotoDetail, PhotoSummary } from '../../electron/contract/entities.ts';
import { loadFaces } from './identity.svelte.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 200;
const reloadPause = 900;
/** How far around its remembered position a photo is looked for when the list has changed. */
const searchReach = 400;

type PhotoPage = Pick<ChannelResult<'photos.list'>, 'total' | 'photos'>;

/** A list of photos, loaded a page at a time where it is looked at: libraries may have 500,000. */
export class Photos {
  readonly #ask: (offset: number, limit: number) => Promise<PhotoPage>;
  total = $state(0);
  loaded = $state(false);
  #pages = $state.raw<Pages<PhotoSummary>>(noPages());
  #asked: readonly number[] = [];
  /** Answers to questions of before are not wanted any more. */
  #round = 0;

  constructor(ask: (offset: number, limit: number) => Promise<PhotoPage>) {
    this.#ask = ask;
  }

  /** Another list from now on; what is shown stays until its first page is there. */
  restart(): void {
    this.#round++;
    this.#asked = [];
    void this.#load(0);
  }

  at(index: number): PhotoSummary | undefined {
    const page = Math.floor(index / pageSize);
    return this.#pages.get(page)?.[index % pageSize];
  }

  /** Loads what lies between two positions, where it is not there yet. */
  need(first: number, last: number): void {
    const from = Math.max(0, Math.floor(first / pageSize));
    for (let page = from; page <= Math.floor(last / pageSize); page++) {
      if (!this.#asked.includes(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    const round = this.#round;
    const first = this.#asked.length === 0;
    this.#asked = [...this.#asked, page];
    try {
      const { total, photos } = await this.#ask(page * pageSize, pageSize);
      if (round !== this.#round) return;
      if (first) this.#pages = noPages();
      this.total = total;
      this.loaded = true;
      this.#pages = withPage(this.#pages, page, photos);
    } catch (error) {
      this.#asked = this.#asked.filter((other) => other !== page);
      toasts.show(errorText(error), 'error');
    }
  }

  /** Asks again for what is looked at now; other pages are asked for when they are needed. */
  readonly reload = coalesce(async () => {
    const last = this.#asked.slice(-3);
    this.#asked = last;
    this.#pages = onlyPages(this.#pages, last);
    await Promise.all((last.length > 0 ? last : [0]).map((page) => this.#load(page)));
  }, reloadPause);
}

export const photos = new Photos((offset, limit) => api.call('photos.list', { offset, limit }));

type LongSource = Extract<PhotoSource, { kind: 'all' | 'search' }>;

function pageOf(source: LongSource, offset: number, limit: number) {
  return source.kind === 'all'
    ? api.call('photos.list', { offset, limit })
    : api.call('photos.search', { ...source.query, offset, limit });
}

async function neighboursInLong(
  source: LongSource,
  photoId: number,
  position: number,
): Promise<Neighbours> {
  const start = Math.max(0, position - 1);
  const near = await pageOf(source, start, 3);
  let offset = start;
  let list = near.photos.map((photo) => photo.photoId);
  if (!list.includes(photoId)) {
    offset = Math.max(0, position - searchReach / 2);
    const wide = await pageOf(source, offset, searchReach);
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

  /** Looks at the photo now. */
  async look(): Promise<void> {
    try {
      this.photo = await api.call('photos.get', { photoId: this.photoId });
      this.gone = false;
    } catch (error) {
      if (isGone(error)) this.gone = true;
      else toasts.show(errorText(error), 'error');
    }
  }

  readonly reload = coalesce(() => this.look(), reloadPause);

  async findNeighbours(): Promise<void> {
    try {
      const { source } = this;
      this.neighbours =
        source.kind === 'all' || source.kind === 'search'
          ? await neighboursInLong(source, this.photoId, this.#position ?? 0)
          : neighboursIn(photosOf(await loadFaces(source)), this.photoId);
    } catch {
      // Without its list a photo is still worth looking at.
      this.neighbours = noNeighbours;
    }
  }
}

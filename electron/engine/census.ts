import type { EventPayload } from '../contract/channels.ts';
import type { Folder, LibraryStatus } from '../contract/entities.ts';
import type { Store } from '../store/store.ts';
import * as view from './views.ts';

export type Scope = EventPayload<'library.changed'>['scopes'][number];

type Counts = Omit<LibraryStatus, 'scan' | 'undo' | 'redo' | 'version'>;

/** How long changes are gathered before the views are told, milliseconds. */
const changeDelay = 250;

/** How many there are of everything, counted anew only when it changed; views are told when. */
export class Census {
  readonly #store: Store;
  readonly #tell: (change: EventPayload<'library.changed'>) => void;
  readonly #changed = new Set<Scope>();
  #timer: NodeJS.Timeout | undefined;
  #revision = 0;
  #counts: Counts | undefined;
  /**
   * Counted anew only when folders or photos changed, and kept from one start to the next: that takes
   * a second for a million faces.
   */
  #folders: Folder[] | undefined;

  constructor(store: Store, tell: (change: EventPayload<'library.changed'>) => void) {
    this.#store = store;
    this.#tell = tell;
    // Good for one start: after a crash they are counted anew.
    this.#folders = (store.settings.get('folders') as Folder[] | null | undefined) ?? undefined;
    if (this.#folders) store.settings.set('folders', null);
  }

  folders(): Folder[] {
    return (this.#folders ??= this.#store.folders.list().map(view.folder));
  }

  counts(): Counts {
    return (this.#counts ??= this.#count());
  }

  changed(scopes: readonly Scope[]): void {
    this.#counts = undefined;
    if (scopes.includes('folders')) this.#folders = undefined;
    for (const scope of scopes) this.#changed.add(scope);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const gathered = [...this.#changed];
      this.#changed.clear();
      this.#tell({ revision: ++this.#revision, scopes: gathered });
    }, changeDelay);
  }

  /** @param settled whether the folders are as they were counted. */
  close(settled: boolean): void {
    clearTimeout(this.#timer);
    if (this.#folders && settled) this.#store.settings.set('folders', this.#folders);
  }

  #count(): Counts {
    const store = this.#store;
    const states = store.faces.stateCounts();
    const found = (['confirmed', 'suggested', 'unassigned', 'ignored'] as const).map(
      (state) => states.get(state) ?? 0,
    );
    return {
      photoCount: store.photos.count(),
      faceCount: found.reduce((sum, faces) => sum + faces),
      personCount: store.labels.personCount(),
      groupCount: store.groups.count(2),
      namedShare: store.review.namedShare(),
      folders: this.folders(),
    };
  }
}

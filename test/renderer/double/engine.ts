import {
  channels,
  events,
  type Channel,
  type ChannelArgs,
  type ChannelResult,
  type EventName,
  type EventPayload,
} from '../../../electron/contract/channels.ts';
import type { BrowseEntry, ScanProgress, Settings } from '../../../electron/contract/entities.ts';
import { KithError } from '../../../electron/contract/errors.ts';
import type { RequestMessage, ServerMessage } from '../../../electron/contract/messages.ts';
import { LearningDouble } from './learning.ts';
import { mapOf, ownersOf } from './map.ts';
import { lookAt, verify } from './recognition.ts';
import { DoubleLibrary, idle, type DoubleOptions } from './library.ts';

type Handlers = { [C in Channel]: (args: ChannelArgs<C>) => ChannelResult<C> };

function pageOf<T>(list: readonly T[], { offset, limit }: { offset: number; limit: number }): T[] {
  return list.slice(offset, offset + limit);
}

function entry(path: string, photoCount: number | null = null): BrowseEntry {
  return { entryId: path, name: path.split('/').at(-1) ?? path, path, photoCount };
}

const tree: Record<string, readonly string[]> = {
  '/home/anna/Pictures': ['2019 Lisbon', '2021 Garden', '2023 Wedding', 'Phone', 'Scans'],
  '/home/anna': ['Desktop', 'Documents', 'Pictures'],
};

/**
 * Answers the whole contract from a made-up library, so that the interface can be worked on and
 * tested without an engine. Every answer is checked against the contract's own schemas.
 */
export class DoubleEngine {
  readonly library: DoubleLibrary;
  /** How often each channel was asked. */
  readonly asked = new Map<string, number>();
  readonly #send: (message: ServerMessage) => void;
  #revision = 0;
  #scan: ScanProgress;
  #folders: boolean;
  #settings: Settings = {
    theme: 'system',
    provider: 'auto',
    processes: 0,
    gentle: false,
    sureness: 0.5,
    learnByItself: false,
  };

  constructor(options: DoubleOptions, send: (message: ServerMessage) => void) {
    this.#send = send;
    this.#folders = !options.empty;
    this.#scan = options.scanning ? this.#midScan() : idle;
    this.library = new DoubleLibrary(options, (scopes) =>
      this.emit('library.changed', { revision: ++this.#revision, scopes }),
    );
  }

  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    this.#send({ event, payload: events[event].parse(payload) });
  }

  answer(message: RequestMessage): ServerMessage {
    const { id } = message;
    try {
      const name = message.channel as Channel;
      this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
      const channel = channels[name];
      if (!channel) throw new KithError('bad-request', `Unknown channel ${message.channel}`);
      const args = channel.args.parse(message.args);
      const handler = this.#handlers[name] as (args: unknown) => unknown;
      const result = channel.result.parse(handler(args));
      return { id, ok: true, result };
    } catch (error) {
      const code = error instanceof KithError ? error.code : 'internal';
      return { id, ok: false, error: { code, message: String((error as Error).message) } };
    }
  }

  #midScan(): ScanProgress {
    return {
      ...idle,
      phase: 'scanning',
      found: 18_402,
      done: 6241,
      unchanged: 0,
      failed: 3,
      faces: 9120,
      photosPerSecond: 31.4,
      secondsLeft: 387,
      current: '2019 Lisbon/IMG_4123.jpg',
    };
  }

  #setScan(phase: ScanProgress['phase']): ScanProgress {
    this.#scan = phase === 'idle' ? idle : { ...this.#midScan(), phase };
    this.emit('scan.progress', this.#scan);
    return this.#scan;
  }

  #folderList(): ChannelResult<'folders.list'> {
    if (!this.#folders) return [];
    const counts = { missingCount: 0, scannedAt: 1_700_000_000_000 };
    const { photos, faces } = this.library;
    return [
      {
        folderId: 1,
        path: '/home/anna/Pictures',
        status: this.#scan.phase === 'idle' ? 'done' : 'scanning',
        photoCount: photos.length,
        faceCount: faces.size,
        failedCount: 3,
        ...counts,
      },
      {
        folderId: 2,
        path: '/media/anna/Archive/Photos 2004–2012',
        status: 'offline',
        photoCount: 0,
        faceCount: 0,
        failedCount: 0,
        ...counts,
      },
    ];
  }

  #addFolder(): ChannelResult<'folders.add'> {
    this.#folders = true;
    this.library.fill({ groups: 12, named: 0 });
    this.#setScan('scanning');
    this.library.emitChanged(['folders', 'photos', 'people', 'groups']);
    return this.#first(this.#folderList());
  }

  #first<T>(list: readonly T[]): T {
    const [first] = list;
    if (first === undefined) throw new KithError('not-found', 'It is not in the library.');
    return first;
  }

  #faces(list: ReturnType<DoubleLibrary['facesWhere']>, range: { offset: number; limit: number }) {
    // As the engine has them: questions first, then newest first, those of no known time last.
    const faces = pageOf(
      list
        .map((face) => this.library.summary(face))
        .sort(
          (a, b) =>
            Number(b.state === 'suggested') - Number(a.state === 'suggested') ||
            (b.takenAt ?? '').localeCompare(a.takenAt ?? '') ||
            a.faceId - b.faceId,
        ),
      range,
    );
    return { total: list.length, faces };
  }

  #photoSummary(photoId: number): ChannelResult<'photos.list'>['photos'][number] {
    const photo = this.library.photo(photoId);
    const [width, height] = this.library.size(photo);
    return {
      photoId,
      fileName: this.library.fileName(photo),
      width,
      height,
      takenAt: photo.takenAt,
      faceCount: photo.faceIds.length,
      missing: photoId % 40 === 0,
    };
  }

  readonly #learning = new LearningDouble((progress) => this.emit('learning.progress', progress));

  readonly #handlers: Handlers = {
    'library.status': () => {
      const { library } = this;
      return {
        photoCount: library.photos.length,
        faceCount: library.faces.size,
        personCount: library.persons().length,
        groupCount: library.groups().filter((group) => group.faceCount > 1).length,
        namedShare: library.namedShare(),
        folders: this.#folderList(),
        scan: this.#scan,
        undo: library.nextUndo()?.description ?? null,
        redo: library.nextRedo()?.description ?? null,
        version: '0.1.0',
      };
    },
    'library.storage': () => ({
      library: 84_100_000,
      crops: 212_400_000,
      previews: 1_300_000_000,
      index: 61_000_000,
    }),
    'folders.list': () => this.#folderList(),
    'folders.browse': ({ entryId }) => {
      const path = entryId ?? '/home/anna/Pictures';
      const parent = path.split('/').slice(0, -1).join('/');
      return {
        here: entry(path, path.includes('Pictures') ? 212 : null),
        parent: parent === '' ? null : entry(parent),
        folders: (tree[path] ?? []).map((name, index) => entry(`${path}/${name}`, index * 87)),
        shortcuts: [
          entry('/home/anna/Pictures'),
          entry('/home/anna'),
          entry('/media/anna/Archive'),
        ],
      };
    },
    'folders.add': () => this.#addFolder(),
    'folders.addSamples': () => this.#addFolder(),
    'folders.remove': () => null,
    'scan.start': () => this.#setScan('scanning'),
    'scan.pause': () => this.#setScan('paused'),
    'scan.resume': () => this.#setScan('scanning'),
    'scan.cancel': () => this.#setScan('idle'),
    'scan.retryFailures': () => this.#setScan('scanning'),
    'scan.failures': () => ({
      total: 3,
      failures: [
        {
          path: '/home/anna/Pictures/Scans/letter.jpg',
          code: 'not-a-photo' as const,
          reason: 'The file is text, not a picture.',
          at: 1_700_000_000_000,
        },
        {
          path: '/home/anna/Pictures/Phone/IMG_2231.heic',
          code: 'damaged' as const,
          reason: 'The picture ends in the middle.',
          at: 1_700_000_000_000,
        },
        {
          path: '/home/anna/Pictures/Scans/map-30000.png',
          code: 'too-large' as const,
          reason: 'It has 900 megapixels; Kith reads up to 268.',
          at: 1_700_000_000_000,
        },
      ],
    }),
    'people.list': () => this.library.persons(),
    'faces.verify': ({ sides }) => verify(this.library, sides),
    'photos.look': ({ photo }) => lookAt(this.library, photo),
    'faces.get': ({ faceId }) => this.library.summary(this.library.face(faceId)),
    'people.get': ({ personId }) =>
      this.#first(this.library.persons().filter((person) => person.personId === personId)),
    'people.faces': ({ personId, ...range }) =>
      this.#faces(
        this.library.facesWhere((face) => face.personId === personId),
        range,
      ),
    'people.expected': () => ({ precision: 0.968 }),
    'people.photos': ({ personId, ...range }) => {
      const faces = this.library.facesWhere((face) => face.personId === personId);
      const ids = [...new Set(faces.map((face) => face.photoId))];
      return { total: ids.length, photos: pageOf(ids, range).map((id) => this.#photoSummary(id)) };
    },
    'people.together': ({ personId }) => {
      const others = this.library
        .facesWhere((face) => face.personId === personId)
        .flatMap(({ photoId }) => this.library.photo(photoId).faceIds)
        .map((faceId) => this.library.face(faceId))
        .filter((face) => face.personId !== null && face.personId !== personId);
      const photosOf = Map.groupBy(others, (face) => face.personId);
      return this.library
        .persons()
        .flatMap((person) => {
          const shared = photosOf.get(person.personId);
          const ids = new Set(shared?.map((face) => face.photoId));
          return shared ? [{ person, photoCount: ids.size }] : [];
        })
        .sort((a, b) => b.photoCount - a.photoCount);
    },
    'groups.list': ({ minFaces, ...range }) => {
      const groups = this.library.groups().filter((group) => group.faceCount >= minFaces);
      return { total: groups.length, groups: pageOf(groups, range) };
    },
    'groups.get': ({ clusterId }) =>
      this.#first(this.library.groups().filter((group) => group.clusterId === clusterId)),
    'groups.faces': ({ clusterId, ...range }) =>
      this.#faces(
        this.library.facesWhere(
          (face) => face.clusterId === clusterId && face.state === 'unassigned',
        ),
        range,
      ),
    'faces.aside': ({ state, ...range }) =>
      this.#faces(
        this.library.facesWhere((face) =>
          state === 'unclear'
            ? face.state === 'unassigned' && this.library.unclear.has(face.faceId)
            : face.state === state,
        ),
        range,
      ),
    'review.questions': ({ limit }) => this.library.review(limit),
    'review.reason': ({ clusterId, personId }) =>
      this.library
        .facesWhere((face) => face.clusterId === clusterId)
        .slice(0, 3)
        .flatMap(({ faceId }, at) => {
          const other = this.library.facesWhere((face) => face.personId === personId)[at];
          return other ? [{ faceId, otherFaceId: other.faceId, similarity: 0.7 - at / 10 }] : [];
        }),
    'review.putOff': ({ key, putOff }) => {
      if (putOff) this.library.putOff.add(key);
      else this.library.putOff.delete(key);
      return null;
    },
    'groups.proposeSplit': ({ clusterId }) =>
      this.library
        .facesWhere((face) => face.clusterId === clusterId)
        .slice(0, 1)
        .map((face) => face.faceId),
    'faces.draw': ({ photoId, box }) => this.library.draw(photoId, box, null),
    'faces.correct': ({ faceId, box }) => {
      const face = this.library.face(faceId);
      return this.library.draw(face.photoId, box, face);
    },
    'photos.list': (range) => ({
      total: this.library.photos.length,
      photos: pageOf(this.library.photos, range).map(({ photoId }) => this.#photoSummary(photoId)),
    }),
    'photos.search': ({ all, any, none, company, fromYear, toYear, folderId, ...range }) => {
      const { library } = this;
      const matching = library.photos.filter(({ takenAt, faceIds }) => {
        const people = new Set(faceIds.map((id) => library.face(id).personId));
        const year = takenAt === null ? null : Number(takenAt.slice(0, 4));
        return (
          all.every((id) => people.has(id)) &&
          (any.length === 0 || any.some((id) => people.has(id))) &&
          !none.some((id) => people.has(id)) &&
          (fromYear === null || (year !== null && year >= fromYear)) &&
          (toYear === null || (year !== null && year <= toYear)) &&
          (folderId === null || folderId === 1)
        );
      });
      const asked = new Set([...all, ...any]);
      const others = (faceIds: readonly number[]) =>
        faceIds.filter((id) => !asked.has(library.face(id).personId ?? 0)).length;
      const few = asked.size === 0 ? 1 : 0;
      const found = {
        any: matching,
        alone: matching.filter(({ faceIds }) => others(faceIds) === few),
        together: matching.filter(({ faceIds }) => others(faceIds) > few),
      };
      return {
        total: found[company].length,
        photos: pageOf(found[company], range).map(({ photoId }) => this.#photoSummary(photoId)),
        counts: {
          any: found.any.length,
          alone: found.alone.length,
          together: found.together.length,
        },
      };
    },
    'photos.get': ({ photoId }) => {
      const photo = this.library.photo(photoId);
      const { fileName, width, height, takenAt } = this.#photoSummary(photoId);
      return {
        photoId,
        fileName,
        locations: [{ path: `/home/anna/Pictures/2019 Lisbon/${fileName}`, missing: false }],
        width,
        height,
        takenAt,
        format: 'jpeg',
        byteSize: 2_411_724,
        faces: photo.faceIds.map((id) => this.library.detail(this.library.face(id))),
      };
    },
    'labels.apply': (action) => this.library.apply(action),
    'labels.history': (range) => ({
      total: this.library.changes.length,
      entries: pageOf(this.library.history(), range),
    }),
    'labels.dependents': ({ eventId }) => this.library.dependents(eventId),
    'labels.export': () => ({
      format: 'kith-labels' as const,
      version: 1 as const,
      people: [...this.library.names.values()].map((name) => ({ name })),
      photos: [],
      splits: [],
    }),
    'labels.import': ({ document }) => {
      const [first] = document.people;
      if (!first) throw new KithError('refused', 'Everything in this file is said here already.');
      const [group] = this.library.groups();
      const clusterId = group?.clusterId ?? 0;
      const done = this.library.apply({ type: 'name', clusterId, name: first.name });
      return { ...done, matched: done.faceCount, missing: 2 };
    },
    'learning.offer': () => ({ offer: this.#learning.offer(), progress: this.#learning.progress }),
    'learning.start': () => this.#learning.start(),
    'learning.cancel': () => this.#learning.cancel(),
    'learning.heads': () => this.#learning.heads(),
    'learning.activate': ({ version }) => this.#learning.activate(version),
    'learning.record': () => this.#learning.record(),
    'map.get': ({ dimensions, version }) =>
      mapOf(this.library, dimensions, version ?? this.#learning.active),
    'map.owners': () => ownersOf(this.library),
    'settings.get': () => this.#settings,
    'settings.set': (change) => {
      this.#settings = { ...this.#settings, ...change } as Settings;
      return this.#settings;
    },
    'settings.preview': ({ sureness }) => ({
      groups: Math.round(40 + 80 * sureness),
      faces: Math.round(900 - 200 * sureness),
    }),
    'settings.providers': () => [
      {
        provider: 'cuda',
        status: 'unavailable',
        reason: 'No NVIDIA driver was found.',
        cosineToCpu: null,
        millisecondsPerFace: null,
        cpuMillisecondsPerFace: null,
      },
      {
        provider: 'webgpu',
        status: 'rejected',
        reason: 'Slower than the main processor.',
        cosineToCpu: 1,
        millisecondsPerFace: 8.2,
        cpuMillisecondsPerFace: 1.7,
      },
      {
        provider: 'cpu',
        status: 'used',
        reason: 'Works everywhere.',
        cosineToCpu: 1,
        millisecondsPerFace: 1.7,
        cpuMillisecondsPerFace: 1.7,
      },
    ],
  };
}

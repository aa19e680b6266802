import type {
  ChannelArgs,
  ChannelResult,
  EventPayload,
} from '../../../electron/contract/channels.ts';
import type { FaceDetail, FaceState, ScanProgress } from '../../../electron/contract/entities.ts';
import { KithError } from '../../../electron/contract/errors.ts';
import { sampleFaces, sampleFiles, sampleSizes } from './sample-faces.ts';

export interface DoubleFace {
  faceId: number;
  photoId: number;
  /** Which of the sample faces it looks like. */
  look: number;
  state: FaceState;
  personId: number | null;
  clusterId: number | null;
}

interface Photo {
  photoId: number;
  sample: number;
  takenAt: string | null;
  faceIds: number[];
}

type State = Pick<DoubleFace, 'state' | 'personId' | 'clusterId'>;

interface Change {
  eventId: number;
  description: string;
  at: number;
  undone: boolean;
  /** Among what can be redone, the highest comes first; 0 cannot. */
  redoPlace: number;
  before: Map<number, State>;
  after: Map<number, State>;
  namesBefore: Map<number, string>;
  namesAfter: Map<number, string>;
  factsBefore: Map<number, Facts>;
  factsAfter: Map<number, Facts>;
}

interface Facts {
  readonly hidden: boolean;
  readonly coverFaceId: number | null;
  readonly birthDate: string | null;
}

const noFacts: Facts = { hidden: false, coverFaceId: null, birthDate: null };
type Action = ChannelArgs<'labels.apply'>;
type Turn = Extract<Action, { type: 'undo' | 'redo' }>['type'];
type Doing = Exclude<Action, { type: 'undo' | 'redo' | 'revert' | 'several' }>;
type HistoryEntry = ChannelResult<'labels.history'>['entries'][number];

export interface DoubleOptions {
  /** Groups of faces; every seventh looks like a named person. */
  readonly groups: number;
  /** Of these, named from the start. */
  readonly named: number;
  readonly scanning: boolean;
  /** Without folders, as on the first start. */
  readonly empty: boolean;
}

const given =
  'Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Kaya Liam Mira Noor Olga Pablo Quinn Rosa Samir Tilda Uwe Vera Wanda Xenia Yusuf Zoë'.split(
    ' ',
  );
const family =
  'Adler Berg Costa Demir Eriksen Fontaine Garcia Haddad Ivanov Jansen Keller Lopez'.split(' ');

function nameOf(index: number): string {
  const first = given[index % given.length] ?? '';
  const round = Math.floor(index / given.length);
  return round === 0 ? first : `${first} ${family[round % family.length] ?? ''}`;
}

/** Sizes fall off as in real libraries: a few people on many photos, many on two. */
function sizeOf(index: number): number {
  return Math.max(2, Math.round(140 / (index + 1) ** 0.75));
}

export const idle: ScanProgress = {
  phase: 'idle',
  found: 0,
  done: 0,
  unchanged: 0,
  failed: 0,
  faces: 0,
  photosPerSecond: null,
  secondsLeft: null,
  current: null,
};

/** A made-up library in memory that answers as an engine would. */
export class DoubleLibrary {
  readonly faces = new Map<number, DoubleFace>();
  readonly photos: Photo[] = [];
  readonly names = new Map<number, string>();
  readonly facts = new Map<number, Facts>();
  /** Boxes drawn by hand, by face. */
  readonly boxes = new Map<number, FaceDetail['box']>();
  /** Faces too poor to tell who it is. */
  readonly unclear = new Set<number>();
  readonly suggestions = new Map<number, number>();
  readonly changes: Change[] = [];
  #nextPerson = 1;
  #nextCluster = 1;
  #nextEvent = 1;
  readonly emitChanged: (scopes: EventPayload<'library.changed'>['scopes']) => void;

  constructor(options: DoubleOptions, changed: DoubleLibrary['emitChanged']) {
    this.emitChanged = changed;
    if (!options.empty) this.fill(options);
  }

  fill(options: Pick<DoubleOptions, 'groups' | 'named'>): void {
    let faceId = this.faces.size;
    for (let index = 0; index < options.groups; index++) {
      const named = index < options.named;
      const personId = named ? this.#nextPerson++ : null;
      const clusterId = this.#nextCluster++;
      if (personId !== null) this.names.set(personId, nameOf(index));
      else if (options.named > 0 && index % 7 === 3) {
        this.suggestions.set(clusterId, 1 + (index % options.named));
      }
      for (let member = 0; member < sizeOf(index); member++) {
        const photo = this.#photoFor(index * 31 + member * 7);
        const suggested = personId !== null && index % 3 === 0 && member % 9 === 4;
        this.faces.set(++faceId, {
          faceId,
          photoId: photo.photoId,
          look: index % sampleFaces.length,
          state: personId === null ? 'unassigned' : suggested ? 'suggested' : 'confirmed',
          personId,
          clusterId: personId === null ? clusterId : null,
        });
        photo.faceIds.push(faceId);
      }
    }
    this.photos.sort((a, b) => a.photoId - b.photoId);
  }

  #photoFor(seed: number): Photo {
    const open = this.photos.at(-1);
    const sample = seed % sampleFiles.length;
    if (open && open.faceIds.length < 3 && open.sample === sample) return open;
    const photoId = this.photos.length + 1;
    const year = 2012 + (seed % 13);
    const month = String(1 + (seed % 12)).padStart(2, '0');
    const day = String(1 + (seed % 28)).padStart(2, '0');
    const takenAt = seed % 11 === 0 ? null : `${String(year)}-${month}-${day}T16:20:05`;
    const photo = { photoId, sample, takenAt, faceIds: [] };
    this.photos.push(photo);
    return photo;
  }

  photo(photoId: number): Photo {
    const photo = this.photos[photoId - 1];
    if (!photo) throw new KithError('not-found', 'This photo is not in the library.');
    return photo;
  }

  face(faceId: number): DoubleFace {
    const face = this.faces.get(faceId);
    if (!face) throw new KithError('not-found', 'This face is not in the library.');
    return face;
  }

  fileName(photo: Photo): string {
    return `IMG_${String(4000 + photo.photoId)}.jpg`;
  }

  size(photo: Photo): readonly [number, number] {
    return sampleSizes[photo.sample] ?? [1920, 1280];
  }

  facesWhere(test: (face: DoubleFace) => boolean): DoubleFace[] {
    return [...this.faces.values()].filter(test);
  }

  persons(): ChannelResult<'people.list'> {
    const byPerson = Map.groupBy(
      this.facesWhere((face) => face.personId !== null),
      (face) => face.personId ?? 0,
    );
    return [...byPerson].map(([personId, faces]) => ({
      personId,
      name: this.names.get(personId) ?? '',
      ...(this.facts.get(personId) ?? noFacts),
      coverFaceId: this.facts.get(personId)?.coverFaceId ?? faces[0]?.faceId ?? null,
      confirmedCount: faces.filter((face) => face.state === 'confirmed').length,
      suggestedCount: faces.filter((face) => face.state === 'suggested').length,
      photoCount: new Set(faces.map((face) => face.photoId)).size,
    }));
  }

  groups(): ChannelResult<'groups.list'>['groups'] {
    const byCluster = Map.groupBy(
      this.facesWhere((face) => face.clusterId !== null && face.state === 'unassigned'),
      (face) => face.clusterId ?? 0,
    );
    return [...byCluster]
      .map(([clusterId, faces]) => {
        const personId = this.suggestions.get(clusterId);
        const name = personId === undefined ? undefined : this.names.get(personId);
        return {
          clusterId,
          faceCount: faces.length,
          coverFaceId: faces[0]?.faceId ?? 1,
          suggestion:
            personId === undefined || name === undefined
              ? null
              : { personId, name, probability: 0.61 },
        };
      })
      .sort((a, b) => b.faceCount - a.faceCount || a.clusterId - b.clusterId);
  }

  readonly putOff = new Set<string>();
  /** A group that may be two people: its first two faces are the one. */
  mixedClusterId: number | null = null;

  review(limit: number): ChannelResult<'review.questions'> {
    const person = (personId: number) => ({
      personId,
      name: this.names.get(personId) ?? '',
      faceIds: this.facesWhere((face) => face.personId === personId && face.state === 'confirmed')
        .slice(0, 6)
        .map((face) => face.faceId),
    });
    const ofGroups = this.groups().map(({ clusterId, faceCount, suggestion }) => {
      const faceIds = this.facesWhere(
        (face) => face.clusterId === clusterId && face.state === 'unassigned',
      ).map((face) => face.faceId);
      const splitKey = `split ${clusterId}`;
      if (clusterId === this.mixedClusterId && faceCount > 2 && !this.putOff.has(splitKey)) {
        return {
          kind: 'split' as const,
          key: splitKey,
          faceCount,
          clusterId,
          faceIds: faceIds.slice(0, 2),
          otherFaceIds: faceIds.slice(2),
        };
      }
      return suggestion
        ? {
            kind: 'is-person' as const,
            key: `is-person ${clusterId} ${suggestion.personId}`,
            faceCount,
            clusterId,
            faceIds,
            person: person(suggestion.personId),
            probability: suggestion.probability,
          }
        : {
            kind: 'who' as const,
            key: `who ${clusterId}`,
            faceCount,
            clusterId,
            faceIds,
            suggestedPersonId: null,
          };
    });
    const pages = this.persons()
      .filter(({ suggestedCount }) => suggestedCount > 0)
      .map(({ personId, suggestedCount }) => ({
        kind: 'confirm' as const,
        key: `confirm ${personId}`,
        faceCount: suggestedCount,
        faceIds: this.facesWhere(
          (face) => face.personId === personId && face.state === 'suggested',
        ).map((face) => face.faceId),
        person: person(personId),
      }));
    return {
      questions: [...ofGroups, ...pages]
        .filter(({ key }) => !this.putOff.has(key))
        .sort((a, b) => b.faceCount - a.faceCount)
        .slice(0, limit),
      namedShare: this.namedShare(),
    };
  }

  namedShare(): number {
    const all = this.facesWhere(({ state }) => state !== 'not-a-face');
    return all.length === 0
      ? 0
      : all.filter(({ state }) => state === 'confirmed').length / all.length;
  }

  detail(face: DoubleFace): FaceDetail {
    const photo = this.photo(face.photoId);
    const inPhoto = sampleFaces.filter((sample) => sample.file === sampleFiles[photo.sample]);
    const place = photo.faceIds.indexOf(face.faceId);
    const sample = inPhoto[place % inPhoto.length] ?? sampleFaces[0];
    if (!sample) throw new Error('no sample faces');
    const { x, y, width, height } = this.boxes.get(face.faceId) ?? sample;
    const at = (across: number, down: number): [number, number] => [
      x + width * across,
      y + height * down,
    ];
    return {
      ...this.summary(face),
      box: { x, y, width, height },
      landmarks: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.78), at(0.65, 0.78)],
      detectionScore: 0.98,
      personName: face.personId === null ? null : (this.names.get(face.personId) ?? null),
    };
  }

  summary(face: DoubleFace): ChannelResult<'people.faces'>['faces'][number] {
    const { faceId, photoId, state, personId, clusterId } = face;
    const takenAt = this.photo(photoId).takenAt;
    return { faceId, photoId, state, personId, clusterId, takenAt, quality: 0.8, folder: 'Album' };
  }

  /** A face that was missed, or one with a better box in the place of another. */
  draw(photoId: number, box: FaceDetail['box'], instead: DoubleFace | null) {
    const photo = this.photo(photoId);
    const faceId = this.faces.size + 1;
    const clusterId = this.#nextCluster++;
    const fresh = { look: 0, state: 'unassigned' as const, personId: null, clusterId };
    this.faces.set(faceId, { ...(instead ?? fresh), faceId, photoId });
    this.boxes.set(faceId, box);
    photo.faceIds = [...photo.faceIds.filter((id) => id !== instead?.faceId), faceId];
    if (instead) this.faces.delete(instead.faceId);
    const description = instead ? 'Corrected the box of one face' : 'Marked one face by hand';
    this.emitChanged(['people', 'groups', 'labels', 'photos']);
    return { eventId: null, description, personId: null, faceCount: 1, faceId };
  }

  personByName(name: string): number | null {
    for (const [personId, existing] of this.names) {
      if (existing === name && this.facesWhere((face) => face.personId === personId).length > 0) {
        return personId;
      }
    }
    return null;
  }

  apply(action: Action): ChannelResult<'labels.apply'> {
    if (action.type === 'undo' || action.type === 'redo') return this.#step(action.type);
    if (action.type === 'revert') return this.#revert(action.eventId);
    const before = new Map([...this.faces].map(([id, face]) => [id, pick(face)]));
    const namesBefore = new Map(this.names);
    const factsBefore = new Map(this.facts);
    const parts = action.type === 'several' ? action.actions : [action];
    const [done] = parts.map((part) => this.#perform(part));
    if (!done) throw new KithError('bad-request', 'There is nothing to do.');
    const after = new Map<number, State>();
    for (const [id, face] of this.faces) {
      const old = before.get(id);
      if (old && same(old, face)) before.delete(id);
      else after.set(id, pick(face));
    }
    const description =
      parts.length === 1
        ? done.description
        : `${done.description}, and ${String(parts.length - 1)} more`;
    for (const change of this.changes) change.redoPlace = 0;
    const eventId = this.#nextEvent++;
    this.changes.push({
      eventId,
      description,
      at: Date.UTC(2024, 4, 3, 12, eventId),
      undone: false,
      redoPlace: 0,
      before,
      after,
      namesBefore,
      namesAfter: new Map(this.names),
      factsBefore,
      factsAfter: new Map(this.facts),
    });
    this.emitChanged(['people', 'groups', 'labels']);
    return { eventId, ...done, description };
  }

  history(): HistoryEntry[] {
    return this.changes.map((change) => this.#entry(change)).reverse();
  }

  /** As the engine finds them, roughly: later actions on the same faces. */
  dependents(eventId: number): HistoryEntry[] {
    const change = this.#change(eventId);
    return this.changes
      .filter((later) => !later.undone && later.eventId > eventId)
      .filter((later) => [...later.before.keys()].some((id) => change.before.has(id)))
      .map((later) => this.#entry(later))
      .reverse();
  }

  nextUndo(): Change | undefined {
    return this.changes.findLast((change) => !change.undone);
  }

  nextRedo(): Change | undefined {
    const redoable = this.changes.filter((change) => change.redoPlace > 0);
    return redoable.sort((a, b) => b.redoPlace - a.redoPlace)[0];
  }

  #change(eventId: number): Change {
    const change = this.changes.find((entry) => entry.eventId === eventId);
    if (!change) throw new KithError('not-found', 'There is no such action in the history.');
    return change;
  }

  #entry({ eventId, description, at, undone, before }: Change): HistoryEntry {
    const faceIds = [...before.keys()];
    return {
      eventId,
      description,
      at,
      undone,
      faceIds: faceIds.slice(0, 8),
      faceCount: faceIds.length,
    };
  }

  #revert(eventId: number): ChannelResult<'labels.apply'> {
    const [dependent] = this.dependents(eventId);
    if (dependent) {
      throw new KithError('refused', `“${dependent.description}” builds on this.`);
    }
    return this.#turn('undo', this.#change(eventId));
  }

  #step(type: Turn): ChannelResult<'labels.apply'> {
    const change = type === 'undo' ? this.nextUndo() : this.nextRedo();
    if (!change) return { eventId: null, description: null, personId: null, faceCount: 0 };
    return this.#turn(type, change);
  }

  #turn(type: Turn, change: Change): ChannelResult<'labels.apply'> {
    const places = this.changes.map((entry) => entry.redoPlace);
    change.redoPlace = type === 'undo' ? Math.max(0, ...places) + 1 : 0;
    change.undone = type === 'undo';
    for (const [id, state] of type === 'undo' ? change.before : change.after) {
      Object.assign(this.face(id), state);
    }
    const { namesBefore, namesAfter, factsBefore, factsAfter } = change;
    turnMap(this.names, type === 'undo' ? [namesAfter, namesBefore] : [namesBefore, namesAfter]);
    turnMap(this.facts, type === 'undo' ? [factsAfter, factsBefore] : [factsBefore, factsAfter]);
    this.emitChanged(['people', 'groups', 'labels']);
    const { eventId, description } = change;
    return { eventId, description, personId: null, faceCount: change.before.size };
  }

  #perform(action: Doing): {
    description: string;
    personId: number | null;
    faceCount: number;
  } {
    switch (action.type) {
      case 'hide':
      case 'show':
        for (const personId of action.personIds) {
          this.#know(personId, { hidden: action.type === 'hide' });
        }
        return this.#ofPeople(action.type === 'hide' ? 'Hid' : 'Showed', action.personIds);
      case 'cover':
        this.#know(action.personId, { coverFaceId: action.faceId });
        return this.#ofPeople('Chose the picture of', [action.personId]);
      case 'birth':
        this.#know(action.personId, { birthDate: action.birthDate });
        return this.#ofPeople('Set the birth date of', [action.personId]);
      case 'forget': {
        const done = this.#ofPeople('Deleted the name', action.personIds);
        for (const personId of action.personIds) {
          for (const face of this.facesWhere((one) => one.personId === personId)) {
            this.#toGroup(face, this.#nextCluster);
          }
          this.#nextCluster++;
          this.names.delete(personId);
        }
        return done;
      }
    }
    if (action.type === 'merge') {
      const [first = 0, ...others] = action.personIds;
      const moved = this.facesWhere(
        (face) =>
          others.includes(face.personId ?? 0) ||
          (face.state === 'unassigned' && action.clusterIds.includes(face.clusterId ?? 0)),
      );
      for (const face of moved) {
        Object.assign(face, { state: 'confirmed', personId: first, clusterId: null });
      }
      const description = `Merged ${String(action.personIds.length + action.clusterIds.length)} people as ${this.names.get(first) ?? ''}`;
      return { description, personId: first, faceCount: moved.length };
    }
    const faces =
      action.faceIds?.map((id) => this.face(id)) ??
      this.facesWhere((face) =>
        action.type === 'name' && action.personId !== undefined
          ? face.personId === action.personId
          : action.type === 'name' && face.clusterId === action.clusterId,
      );
    if (faces.length === 0) throw new KithError('not-found', 'These faces are not there any more.');
    const many = faces.length === 1 ? 'a face' : `${String(faces.length)} faces`;
    const result = (description: string, personId: number | null = null) => ({
      description,
      personId,
      faceCount: faces.length,
    });
    switch (action.type) {
      case 'name': {
        const existing = this.personByName(action.name);
        const personId = existing ?? action.personId ?? this.#nextPerson++;
        this.names.set(personId, action.name);
        const renamed = existing === null && action.personId !== undefined;
        for (const face of faces) {
          // A rename leaves what is only suggested as it is.
          const state = renamed ? face.state : 'confirmed';
          Object.assign(face, { state, personId, clusterId: null });
        }
        return result(
          renamed ? `Renamed to ${action.name}` : `Named ${many} ${action.name}`,
          personId,
        );
      }
      case 'confirm':
        for (const face of faces) {
          Object.assign(face, { state: 'confirmed', personId: action.personId, clusterId: null });
        }
        return result(`Confirmed ${many}`, action.personId);
      case 'reject':
        for (const face of faces) {
          if (face.clusterId !== null) this.suggestions.delete(face.clusterId);
          else this.#toGroup(face, this.#nextCluster);
        }
        this.#nextCluster++;
        return result(`${many} are not ${this.names.get(action.personId) ?? ''}`);
      case 'split':
        for (const face of faces) this.#toGroup(face, this.#nextCluster);
        this.#nextCluster++;
        return result(`Split out ${many}`);
      case 'reset':
        for (const face of faces) this.#toGroup(face, this.#nextCluster);
        this.#nextCluster++;
        return result(`Restored ${many}`);
      case 'ignore':
      case 'not-a-face': {
        const state = action.type === 'ignore' ? 'ignored' : action.type;
        for (const face of faces) Object.assign(face, { state, personId: null });
        return result(action.type === 'ignore' ? `Ignored ${many}` : `${many}: not a face`);
      }
    }
  }

  #know(personId: number, facts: Partial<Facts>): void {
    this.facts.set(personId, { ...(this.facts.get(personId) ?? noFacts), ...facts });
  }

  #ofPeople(saying: string, personIds: readonly number[]) {
    const names = personIds.map((personId) => this.names.get(personId) ?? '').join(', ');
    return { description: `${saying} ${names}`, personId: personIds[0] ?? null, faceCount: 0 };
  }

  #toGroup(face: DoubleFace, clusterId: number): void {
    Object.assign(face, { state: 'unassigned', personId: null, clusterId } satisfies State);
  }
}

function pick({ state, personId, clusterId }: DoubleFace): State {
  return { state, personId, clusterId };
}

function same(a: State, b: State): boolean {
  return a.state === b.state && a.personId === b.personId && a.clusterId === b.clusterId;
}

/** Takes over what differs between two moments, and leaves the rest as it is now. */
function turnMap<K, V>(map: Map<K, V>, [from, to]: readonly [Map<K, V>, Map<K, V>]): void {
  for (const key of new Set([...from.keys(), ...to.keys()])) {
    const value = to.get(key);
    if (from.get(key) === value) continue;
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}

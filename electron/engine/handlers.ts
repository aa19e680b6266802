import type { AnyChannel, ChannelArgs, ChannelResult } from '../contract/channels.ts';
import { allChannels, channels } from '../contract/channels.ts';
import { KithError } from '../contract/errors.ts';
import { reviewTuning } from '../core/tuning.ts';
import { resolveFolder, FolderBrowser } from './browse.ts';
import { exportLabels, matchFaces, resolveImport } from './label-document.ts';
import { resolveDrawing, resolveReplacing } from './label-actions.ts';
import type { Library } from './library.ts';
import { embedPhoto, identifyFaces, lookAtPhoto, verifyFaces, verifySides } from './recognition.ts';
import { reviewQueue } from './review.ts';
import { withoutUndefined } from './settings.ts';
import { measureStorage } from './storage.ts';
import * as view from './views.ts';

type Handlers = {
  readonly [C in AnyChannel]: (
    args: ChannelArgs<C>,
  ) => ChannelResult<C> | Promise<ChannelResult<C>>;
};

/** Who asks: a renderer may use `channels` alone, the hosting process also `hostChannels`. */
export type Caller = 'renderer' | 'host';

/**
 * Answers one request: checks that the caller may ask it, parses its arguments, and does it.
 *
 * @throws KithError with a message for the user when the request is wrong or cannot be met.
 */
export type Answer = (caller: Caller, channel: string, args: unknown) => Promise<unknown>;

export function createAnswer(library: Library, close: () => Promise<void>): Answer {
  const handlers = createHandlers(library, close);
  return async (caller, channel, args) => {
    const known = caller === 'host' ? allChannels : channels;
    if (!Object.hasOwn(known, channel)) {
      throw new KithError('bad-request', `There is no channel ${channel}.`);
    }
    const name = channel as AnyChannel;
    const parsed = allChannels[name].args.safeParse(args);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
      throw new KithError('bad-request', `${where}${issue?.message ?? 'The request is wrong.'}`);
    }
    return handlers[name](parsed.data as never);
  };
}

function createHandlers(library: Library, close: () => Promise<void>): Handlers {
  const { store, scan } = library;
  const browser = new FolderBrowser();
  const allFolders = () => store.folders.list().map((folder) => folder.folderId);
  const person = (personId: number) => {
    const row = store.labels.person(personId);
    if (!row) throw new KithError('not-found', 'This person is not there any more.');
    return view.person(row);
  };

  return {
    'library.status': () => library.status(),
    'library.storage': () => measureStorage(library.configuration.libraryFolder),

    'folders.list': () => library.folders(),
    'folders.browse': ({ entryId }) => browser.browse(entryId),
    'folders.add': async ({ entryId }) =>
      library.addFolder(await resolveFolder(browser.resolve(entryId))),
    'folders.addSamples': async () => {
      const { samplesFolder } = library.configuration;
      if (samplesFolder === null) {
        throw new KithError('refused', 'The sample photos are not installed here.');
      }
      return library.addFolder(await resolveFolder(samplesFolder));
    },
    'folders.remove': async ({ folderId }) => {
      await library.removeFolder(folderId);
      return null;
    },

    'scan.start': ({ folderIds }) => {
      scan.start(folderIds ?? allFolders());
      return library.progress();
    },
    'scan.pause': () => {
      scan.pause();
      return library.progress();
    },
    'scan.resume': () => {
      scan.resume();
      return library.progress();
    },
    'scan.cancel': async () => {
      await scan.cancel();
      return library.progress();
    },
    'scan.retryFailures': () => {
      store.files.forgetFailures();
      scan.start(allFolders());
      return library.progress();
    },
    'scan.failures': ({ limit, offset }) => ({
      total: store.files.failureCount(),
      failures: store.files.failures(limit, offset).map((row) => ({
        ...row,
        code: row.code as ChannelResult<'scan.failures'>['failures'][number]['code'],
      })),
    }),

    'people.list': () => store.labels.persons().map(view.person),
    'people.get': ({ personId }) => person(personId),
    'people.faces': ({ personId, limit, offset }) => {
      const { total, rows } = store.faces.ofPerson(personId, limit, offset);
      return { total, faces: rows.map(view.placedFace) };
    },
    'people.expected': async ({ personId }) => ({
      precision: await library.grouping.expect(
        store.review.confirmedFaces(personId, reviewTuning.facesCompared),
        store.review.suggestedFaces(personId, reviewTuning.facesPerAnswer),
      ),
    }),
    'people.photos': ({ personId, limit, offset }) => {
      const { total, rows } = store.photos.listOfPerson(personId, limit, offset);
      return { total, photos: rows.map(view.photoSummary) };
    },
    'people.together': ({ personId }) =>
      store.photos.together(personId).map((row) => ({
        person: person(row.personId),
        photoCount: row.photoCount,
      })),
    'groups.list': ({ minFaces, limit, offset }) => {
      const { total, rows } = store.groups.list(minFaces, limit, offset);
      return { total, groups: rows.map(view.group) };
    },
    'groups.get': ({ clusterId }) => {
      const row = store.groups.get(clusterId);
      if (!row) throw new KithError('not-found', 'This group is not there any more.');
      return view.group(row);
    },
    'groups.faces': ({ clusterId, limit, offset }) => {
      const { total, rows } = store.faces.ofCluster(clusterId, limit, offset);
      return { total, faces: rows.map(view.faceSummary) };
    },
    'faces.get': ({ faceId }) => {
      const row = store.faces.get(faceId);
      if (!row) throw new KithError('not-found', 'This face is not in the library any more.');
      return view.faceSummary(row);
    },
    'faces.verify': ({ sides }) => verifySides(library, sides),
    'photos.look': ({ photo }) => lookAtPhoto(library, Buffer.from(photo, 'base64')),
    'faces.aside': ({ state, limit, offset }) => {
      const { total, rows } = store.faces.aside(state, limit, offset);
      return { total, faces: rows.map(view.faceSummary) };
    },
    'review.questions': ({ limit }) => reviewQueue(store, limit),
    'review.reason': ({ clusterId, personId }) =>
      library.grouping.compare(
        store.review.openFaces(clusterId, reviewTuning.facesCompared),
        store.review.confirmedFaces(personId, reviewTuning.facesCompared),
        reviewTuning.pairsShown,
      ),
    'review.putOff': ({ key, putOff }) => {
      if (putOff) store.review.putOff(key);
      else store.review.takeUp(key);
      library.changed('groups');
      return null;
    },
    'groups.proposeSplit': ({ clusterId }) =>
      library.grouping.proposeSplit(store.review.openFaces(clusterId, reviewTuning.facesPerAnswer)),
    'faces.draw': async ({ photoId, box }) => {
      const faceId = await library.drawnFaces.place(photoId, box, null);
      const result = library.labels.write(() => resolveDrawing(faceId));
      library.labelsChanged();
      return { ...result, faceId };
    },
    'faces.correct': async ({ faceId, box }) => {
      const photoId = store.faces.photoOf(faceId);
      if (photoId === undefined) {
        throw new KithError('not-found', 'This face is not there any more.');
      }
      const withFaceId = await library.drawnFaces.place(photoId, box, faceId);
      const result = library.labels.write(() => resolveReplacing(faceId, withFaceId));
      library.labelsChanged();
      return { ...result, faceId: withFaceId };
    },
    'photos.list': ({ folderId, limit, offset }) => {
      const { total, rows } =
        folderId === undefined
          ? store.photos.list(limit, offset)
          : store.photos.listInFolder(folderId, limit, offset);
      return { total, photos: rows.map(view.photoSummary) };
    },
    'photos.search': ({ limit, offset, ...query }) => {
      const { total, rows, counts } = store.photos.search(query, limit, offset);
      return { total, photos: rows.map(view.photoSummary), counts };
    },
    'photos.get': ({ photoId }) => view.photoDetail(store, photoId),

    'labels.apply': (action) => {
      const result = library.labels.apply(action);
      library.labelsChanged();
      return result;
    },
    'labels.history': ({ limit, offset }) => library.labels.history(limit, offset),
    'labels.dependents': ({ eventId }) => library.labels.dependents(eventId),
    'labels.export': () => exportLabels(store),
    'labels.import': async ({ document }) => {
      const faceIds = matchFaces(store, document);
      const drawn = await library.drawnFaces.placeMissing(document, faceIds);
      const result = library.labels.write((people) =>
        resolveImport(store, people, document, faceIds, drawn),
      );
      library.labelsChanged();
      const matched = faceIds.filter((faceId) => faceId !== undefined).length;
      return { ...result, matched, missing: faceIds.length - matched };
    },

    'learning.offer': () => ({
      offer: library.training.offer(),
      progress: library.training.progress,
    }),
    'learning.start': () => library.training.start(),
    'learning.cancel': () => library.training.cancel(),
    'learning.heads': () => library.training.heads(),
    'learning.activate': ({ version }) => library.training.activate(version),
    'learning.record': ({ trainingId }) => library.training.record(trainingId),

    'map.get': ({ dimensions, version }) =>
      library.maps.get(version === undefined ? library.head : library.headOf(version), dimensions),
    'map.owners': () => library.maps.owners(),

    'settings.get': () => library.settings,
    'settings.set': (changes) => library.changeSettings(withoutUndefined(changes)),
    'settings.preview': ({ sureness }) => library.grouping.preview(sureness),
    'settings.providers': async () => {
      const outcomes = await library.pool.request(
        { kind: 'report-providers' },
        { priority: 'user' },
      );
      return [...outcomes];
    },

    'host.addFolder': async ({ path }) => library.addFolder(await resolveFolder(path)),
    'host.crop': ({ faceId }) => library.crop(faceId),
    'host.photo': ({ photoId, longestSide }) => library.photoFiles.find(photoId, longestSide),
    'host.photoPath': async ({ photoId }) => ({ path: await library.photoFiles.pathOf(photoId) }),
    'host.faces': ({ afterFaceId, limit }) =>
      store.faces.records(afterFaceId, limit).map(view.faceRecord),
    'host.embed': ({ path }) => embedPhoto(library, path),
    'host.verify': ({ paths }) => verifyFaces(library, paths),
    'host.identify': ({ path }) => identifyFaces(library, path),
    'host.idle': () => library.idle(),
    'host.learningIdle': async () => {
      await library.training.idle();
      return library.training.progress;
    },
    'host.rebuildGroups': async () => {
      await library.rebuildGroups();
      return null;
    },
    'host.close': async () => {
      await close();
      return null;
    },
  };
}

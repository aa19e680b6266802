import { z } from 'zod';
import {
  BrowseResult,
  ClusterId,
  DrawnBox,
  EventId,
  FaceDetail,
  FaceId,
  FaceRecord,
  FaceSummary,
  Folder,
  FolderId,
  Group,
  LibraryStatus,
  Person,
  PersonId,
  PhotoDetail,
  PhotoId,
  PhotoQuery,
  PhotoSummary,
  PlacedFace,
  ProviderOutcome,
  ScanFailure,
  ScanProgress,
  Settings,
  Storage,
} from './entities.ts';
import { ImportResult, LabelDocument } from './label-document.ts';
import { HeadEntry, LearningOffer, LearningProgress, TrainingEntry } from './learning.ts';
import { FaceMap, FaceOwners, MapDimensions, MapProgress } from './map.ts';
import { HistoryEntry, LabelAction, LabelResult } from './labels.ts';
import {
  FaceVerification,
  LookedPhoto,
  PhotoBytes,
  Verification,
  VerifySide,
} from './recognition.ts';
import { AlikeFaces, ReviewQueue } from './review.ts';

const nothing = z.object({}).strict();
const none = z.null();
const page = { offset: z.int().min(0).default(0), limit: z.int().min(1).max(1000).default(200) };

function channel<A extends z.ZodType, R extends z.ZodType>(args: A, result: R) {
  return { args, result };
}

/** What a renderer may ask. No path that it sends is ever opened: folders are chosen by `entryId`. */
export const channels = {
  'library.status': channel(nothing, LibraryStatus),

  /** What the library takes up on the disk, in bytes. */
  'library.storage': channel(nothing, Storage),

  'folders.list': channel(nothing, z.array(Folder)),
  /** Folders of this computer, seen by the engine; without `entryId` the user's pictures or home. */
  'folders.browse': channel(z.object({ entryId: z.string().optional() }), BrowseResult),
  /** Adds a folder found by browsing and scans it. */
  'folders.add': channel(z.object({ entryId: z.string() }), Folder),
  /** Adds the sample photos and scans them; fails where they are not installed. */
  'folders.addSamples': channel(nothing, Folder),
  /** Forgets a folder; faces and labels of its photos are kept and come back with it. */
  'folders.remove': channel(z.object({ folderId: FolderId }), none),

  'scan.start': channel(z.object({ folderIds: z.array(FolderId).optional() }), ScanProgress),
  'scan.pause': channel(nothing, ScanProgress),
  'scan.resume': channel(nothing, ScanProgress),
  'scan.cancel': channel(nothing, ScanProgress),
  'scan.retryFailures': channel(nothing, ScanProgress),
  'scan.failures': channel(
    z.object(page),
    z.object({ total: z.int(), failures: z.array(ScanFailure) }),
  ),

  'people.list': channel(nothing, z.array(Person)),
  'people.get': channel(z.object({ personId: PersonId }), Person),
  /** Confirmed and suggested faces of a person, newest photo first. */
  'people.faces': channel(
    z.object({ personId: PersonId, ...page }),
    z.object({ total: z.int(), faces: z.array(PlacedFace) }),
  ),
  /** What is to be expected of the faces that grouping puts with a person and nobody confirmed. */
  'people.expected': channel(
    z.object({ personId: PersonId }),
    z.object({
      /** Share of them that are this person, 0 to 1; null where there are none. */
      precision: z.number().nullable(),
    }),
  ),
  'people.photos': channel(
    z.object({ personId: PersonId, ...page }),
    z.object({ total: z.int(), photos: z.array(PhotoSummary) }),
  ),
  /** People who are on photos with this one, most often first. */
  'people.together': channel(
    z.object({ personId: PersonId }),
    z.array(z.object({ person: Person, photoCount: z.int() })),
  ),
  /** Groups without a name, largest first. */
  'groups.list': channel(
    z.object({ minFaces: z.int().min(1).default(2), ...page }),
    z.object({ total: z.int(), groups: z.array(Group) }),
  ),
  'groups.get': channel(z.object({ clusterId: ClusterId }), Group),
  'groups.faces': channel(
    z.object({ clusterId: ClusterId, ...page }),
    z.object({ total: z.int(), faces: z.array(FaceSummary) }),
  ),
  'faces.get': channel(z.object({ faceId: FaceId }), FaceSummary),
  /** Whether two faces are one person. */
  'faces.verify': channel(z.object({ sides: z.tuple([VerifySide, VerifySide]) }), FaceVerification),
  /** Who is on a photo from outside the library; nothing of it is kept. */
  'photos.look': channel(z.object({ photo: PhotoBytes }), LookedPhoto),
  /** Faces set aside: ignored, not a face, or too poor to tell who they are. */
  'faces.aside': channel(
    z.object({ state: z.enum(['ignored', 'not-a-face', 'unclear']), ...page }),
    z.object({ total: z.int(), faces: z.array(FaceSummary) }),
  ),
  /** The next questions; what was put off is left out. */
  'review.questions': channel(
    z.object({ limit: z.int().min(1).max(100).default(20) }),
    ReviewQueue,
  ),
  /** Why a group may be a person: "similar to these three". */
  'review.reason': channel(z.object({ clusterId: ClusterId, personId: PersonId }), AlikeFaces),
  /** Not sure, or different people: the question is not asked again until it is taken up. */
  'review.putOff': channel(
    z.object({ key: z.string().max(100), putOff: z.boolean().default(true) }),
    none,
  ),
  /** Faces of a group that are likely another person than the rest. */
  'groups.proposeSplit': channel(z.object({ clusterId: ClusterId }), z.array(FaceId)),
  /** Marks a face that was missed; it takes part like any other. */
  'faces.draw': channel(
    z.object({ photoId: PhotoId, box: DrawnBox }),
    LabelResult.extend({ faceId: FaceId }),
  ),
  /** Gives a face a better box; the face that takes its place has another number. */
  'faces.correct': channel(
    z.object({ faceId: FaceId, box: DrawnBox }),
    LabelResult.extend({ faceId: FaceId }),
  ),
  'photos.list': channel(
    z.object({ folderId: FolderId.optional(), ...page }),
    z.object({ total: z.int(), photos: z.array(PhotoSummary) }),
  ),
  /** Newest first; `counts` tells how many there are of each company. */
  'photos.search': channel(
    PhotoQuery.extend(page),
    z.object({
      total: z.int(),
      photos: z.array(PhotoSummary),
      counts: z.object({ any: z.int(), alone: z.int(), together: z.int() }),
    }),
  ),
  'photos.get': channel(z.object({ photoId: PhotoId }), PhotoDetail),

  'labels.apply': channel(LabelAction, LabelResult),
  /** Newest first. */
  'labels.history': channel(
    z.object(page),
    z.object({ total: z.int(), entries: z.array(HistoryEntry) }),
  ),
  /** Later actions that build on one: they have to be taken back before it. Newest first. */
  'labels.dependents': channel(z.object({ eventId: EventId }), z.array(HistoryEntry)),

  /** All that was said of this library, to be kept or carried to another one. */
  'labels.export': channel(nothing, LabelDocument),
  /** Says all of a document again here, as one action; refused where there is nothing new in it. */
  'labels.import': channel(z.object({ document: LabelDocument }), ImportResult),

  /** What there is to learn from, and whether it is worth it. */
  'learning.offer': channel(
    nothing,
    z.object({ offer: LearningOffer, progress: LearningProgress }),
  ),
  /** Trains a head; `learning.progress` tells how far it is. */
  'learning.start': channel(nothing, LearningProgress),
  'learning.cancel': channel(nothing, LearningProgress),
  /** All heads, newest first. */
  'learning.heads': channel(nothing, z.array(HeadEntry)),
  'learning.activate': channel(z.object({ version: z.string() }), z.array(HeadEntry)),
  /** One training, by default the latest; null when there was none. */
  'learning.record': channel(
    z.object({ trainingId: z.int().positive().optional() }),
    TrainingEntry.nullable(),
  ),

  /** The picture of all faces as a head sees them, by default the one in use. May take a minute. */
  'map.get': channel(
    z.object({ dimensions: MapDimensions, version: z.string().optional() }),
    FaceMap,
  ),
  'map.owners': channel(nothing, FaceOwners),

  'settings.get': channel(nothing, Settings),
  'settings.set': channel(Settings.partial().strict(), Settings),
  /** What grouping with another sureness would give, nothing being changed. */
  'settings.preview': channel(
    z.object({ sureness: Settings.shape.sureness }),
    z.object({
      /** Groups of two faces and more. */
      groups: z.int(),
      /** Faces in them. */
      faces: z.int(),
    }),
  ),
  'settings.providers': channel(nothing, z.array(ProviderOutcome)),
} as const;

const Floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const EmbeddedFace = z.object({
  path: z.string(),
  detected: z.boolean(),
  /** 192 numbers of unit length, or zeros where no face was found. */
  embedding: Floats,
  features: Floats,
  face: FaceDetail.pick({
    box: true,
    landmarks: true,
    detectionScore: true,
    quality: true,
  }).nullable(),
  failure: z.string().nullable(),
});

/** What only the hosting process may ask (shell, browser host, command line): these take paths. */
export const hostChannels = {
  'host.addFolder': channel(z.object({ path: z.string() }), Folder),
  'host.crop': channel(z.object({ faceId: FaceId }), z.object({ jpeg: Bytes, etag: z.string() })),
  /** A file that a browser can show as it is or a JPEG made from it; `longestSide` null wants full size. */
  'host.photo': channel(
    z.object({ photoId: PhotoId, longestSide: z.int().min(16).max(8192).nullable() }),
    z.object({ path: z.string(), contentType: z.string(), etag: z.string() }),
  ),
  /** Where the file of a photo lies, for showing it in the file manager; fails where it is not there. */
  'host.photoPath': channel(z.object({ photoId: PhotoId }), z.object({ path: z.string() })),
  'host.faces': channel(
    z.object({
      afterFaceId: z.int().min(0).default(0),
      limit: z.int().min(1).max(10_000).default(5000),
    }),
    z.array(FaceRecord),
  ),
  'host.embed': channel(z.object({ path: z.string() }), EmbeddedFace),
  'host.verify': channel(z.object({ paths: z.tuple([z.string(), z.string()]) }), Verification),
  'host.identify': channel(
    z.object({ path: z.string() }),
    z.array(
      z.object({
        box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
        detectionScore: z.number(),
        /** Null: unknown, nobody in the library resembles this face enough. */
        personId: PersonId.nullable(),
        name: z.string().nullable(),
        cosineSimilarity: z.number().nullable(),
      }),
    ),
  ),
  /** Resolves when no scan and no grouping is under way. */
  'host.idle': channel(nothing, ScanProgress),
  /** Resolves when no training is under way. */
  'host.learningIdle': channel(nothing, LearningProgress),
  'host.rebuildGroups': channel(nothing, none),
  'host.close': channel(nothing, none),
} as const;

export const allChannels = { ...channels, ...hostChannels };

export type Channel = keyof typeof channels;
export type AnyChannel = keyof typeof allChannels;
/** What a caller passes (defaults may be left out). */
export type ChannelInput<C extends AnyChannel> = z.input<(typeof allChannels)[C]['args']>;
/** What a handler gets after parsing. */
export type ChannelArgs<C extends AnyChannel> = z.output<(typeof allChannels)[C]['args']>;
export type ChannelResult<C extends AnyChannel> = z.output<(typeof allChannels)[C]['result']>;

export const events = {
  'scan.progress': ScanProgress,
  'learning.progress': LearningProgress,
  'map.progress': MapProgress,
  /** Something that views show has changed; they ask again. */
  'library.changed': z.object({
    revision: z.int(),
    scopes: z.array(z.enum(['folders', 'photos', 'people', 'groups', 'labels', 'settings'])),
  }),
  notice: z.object({ level: z.enum(['info', 'warning', 'error']), message: z.string() }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>;

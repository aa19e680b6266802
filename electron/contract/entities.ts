import { z } from 'zod';

const id = z.int().positive();
export const FaceId = id;
export const PhotoId = id;
export const PersonId = id;
export const ClusterId = id;
export const FolderId = id;
export const EventId = id;

/** Local time of day without a zone, as cameras write it: `2019-07-14T16:20:05`. */
export const LocalTime = z.string();
/** Point in time on this computer, milliseconds since 1970. */
export const Timestamp = z.number();

/** Fractions of the upright photo's width and height; a face at the edge may reach outside 0 to 1. */
export const Box = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});

/** A box drawn by hand lies in the photo. */
export const DrawnBox = Box.refine(
  ({ x, y, width, height }) =>
    x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1.000001 && y + height <= 1.000001,
  'Draw the box inside the photo.',
);

const Point = z.tuple([z.number(), z.number()]);
/** Left eye, right eye, nose tip, left and right mouth corner as seen in the picture. */
export const Landmarks = z.tuple([Point, Point, Point, Point, Point]);
export type Landmarks = z.infer<typeof Landmarks>;

export const FaceState = z.enum(['unassigned', 'suggested', 'confirmed', 'ignored', 'not-a-face']);
export type FaceState = z.infer<typeof FaceState>;

export const FaceSummary = z.object({
  faceId: FaceId,
  photoId: PhotoId,
  state: FaceState,
  personId: PersonId.nullable(),
  clusterId: ClusterId.nullable(),
  takenAt: LocalTime.nullable(),
  /** 0 to 1. */
  quality: z.number(),
});
export type FaceSummary = z.infer<typeof FaceSummary>;

/** With the name of the folder that the photo lies in, null where there is none. */
export const PlacedFace = FaceSummary.extend({ folder: z.string().nullable() });
export type PlacedFace = z.infer<typeof PlacedFace>;

export const FaceDetail = FaceSummary.extend({
  box: Box,
  landmarks: Landmarks,
  /** Probability that this is a face, 0 to 1. */
  detectionScore: z.number(),
  personName: z.string().nullable(),
});
export type FaceDetail = z.infer<typeof FaceDetail>;

/** One line of `kith faces --json`. */
export const FaceRecord = FaceDetail.omit({ photoId: true }).extend({
  photoPath: z.string(),
  photoSha256: z.string(),
});
export type FaceRecord = z.infer<typeof FaceRecord>;

/** A named identity; only the user's actions change it. */
export const Person = z.object({
  personId: PersonId,
  name: z.string(),
  coverFaceId: FaceId.nullable(),
  /** Left out of People until asked for. */
  hidden: z.boolean(),
  /** `2011-05-30`. */
  birthDate: z.string().nullable(),
  /** Faces the user confirmed. */
  confirmedCount: z.int(),
  /** Faces that grouping puts with this person and nobody confirmed yet. */
  suggestedCount: z.int(),
  photoCount: z.int(),
});
export type Person = z.infer<typeof Person>;

/** A machine's group of faces without a name; may change with every grouping. */
export const Group = z.object({
  clusterId: ClusterId,
  faceCount: z.int(),
  coverFaceId: FaceId,
  /** The person this group resembles most, where it resembles one enough to ask. */
  suggestion: z
    .object({ personId: PersonId, name: z.string(), probability: z.number() })
    .nullable(),
});
export type Group = z.infer<typeof Group>;

export const PhotoDetail = z.object({
  photoId: PhotoId,
  fileName: z.string(),
  /** Where the file is or was last seen; for showing only. */
  locations: z.array(z.object({ path: z.string(), missing: z.boolean() })),
  width: z.int(),
  height: z.int(),
  takenAt: LocalTime.nullable(),
  format: z.string(),
  byteSize: z.number(),
  faces: z.array(FaceDetail),
});
export type PhotoDetail = z.infer<typeof PhotoDetail>;

export const PhotoSummary = z.object({
  photoId: PhotoId,
  fileName: z.string(),
  width: z.int(),
  height: z.int(),
  takenAt: LocalTime.nullable(),
  faceCount: z.int(),
  missing: z.boolean(),
});
export type PhotoSummary = z.infer<typeof PhotoSummary>;

const Year = z.int().min(1800).max(2199);
const SomePeople = z.array(PersonId).max(50).default([]);
/** Which photos are looked for; what is left out does not matter. */
export const PhotoQuery = z.object({
  /** People who are all on the photo. */
  all: SomePeople,
  /** People of whom at least one is on it. */
  any: SomePeople,
  /** People who are not on it. */
  none: SomePeople,
  /** Nobody but the people asked for, or somebody else too; without people: one face, or several. */
  company: z.enum(['any', 'alone', 'together']).default('any'),
  fromYear: Year.nullable().default(null),
  toYear: Year.nullable().default(null),
  folderId: FolderId.nullable().default(null),
});
export type PhotoQuery = z.infer<typeof PhotoQuery>;

export const FolderStatus = z.enum(['waiting', 'scanning', 'done', 'offline']);
export const Folder = z.object({
  folderId: FolderId,
  path: z.string(),
  status: FolderStatus,
  photoCount: z.int(),
  faceCount: z.int(),
  failedCount: z.int(),
  missingCount: z.int(),
  scannedAt: Timestamp.nullable(),
});
export type Folder = z.infer<typeof Folder>;

export const FailureCode = z.enum([
  'not-found',
  'unreadable',
  'not-a-photo',
  'damaged',
  'too-large',
  'too-slow',
  'crashed',
  'models-missing',
]);
export type FailureCode = z.infer<typeof FailureCode>;

export const ScanFailure = z.object({
  path: z.string(),
  code: FailureCode,
  /** One sentence for the user. */
  reason: z.string(),
  at: Timestamp,
});
export type ScanFailure = z.infer<typeof ScanFailure>;

export const ScanPhase = z.enum(['idle', 'looking', 'scanning', 'paused', 'grouping']);
export const ScanProgress = z.object({
  phase: ScanPhase,
  /** Photos found in the folders by this scan so far. */
  found: z.int(),
  /** Of these, settled: known already, analysed, or failed. */
  done: z.int(),
  /** Of the settled, unchanged since an earlier scan. */
  unchanged: z.int(),
  failed: z.int(),
  /** Faces found by this scan. */
  faces: z.int(),
  photosPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** File being looked at, for showing only. */
  current: z.string().nullable(),
});
export type ScanProgress = z.infer<typeof ScanProgress>;

export const ProviderName = z.enum(['cuda', 'directml', 'coreml', 'webgpu', 'cpu']);
export const ProviderOutcome = z.object({
  provider: ProviderName,
  status: z.enum(['used', 'available', 'rejected', 'unavailable']),
  reason: z.string(),
  cosineToCpu: z.number().nullable(),
  millisecondsPerFace: z.number().nullable(),
  cpuMillisecondsPerFace: z.number().nullable(),
});
export type ProviderOutcome = z.infer<typeof ProviderOutcome>;

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  provider: z.union([ProviderName, z.literal('auto')]),
  /** Photos looked at side by side; 0 takes one per processor core. */
  processes: z.int().min(0).max(64),
  /** Scan at lowered priority, leaving the computer to the user. */
  gentle: z.boolean(),
  /** Probability of being one person from which faces are grouped: lower joins more. */
  sureness: z.number().min(0.1).max(0.9),
  /** Learn without being asked, when enough is new and nothing else is under way. */
  learnByItself: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export const LibraryStatus = z.object({
  photoCount: z.int(),
  faceCount: z.int(),
  personCount: z.int(),
  /** Groups without a name, with at least two faces. */
  groupCount: z.int(),
  /** Share of faces that carry a confirmed name, of those in groups of two and more or named, 0 to 1. */
  namedShare: z.number(),
  folders: z.array(Folder),
  scan: ScanProgress,
  undo: z.string().nullable(),
  redo: z.string().nullable(),
  version: z.string(),
});
export type LibraryStatus = z.infer<typeof LibraryStatus>;

/** Bytes on the disk. */
export const Storage = z.object({
  /** Names, faces and features: what cannot be made anew from the photos alone. */
  library: z.number(),
  /** Pictures of faces. */
  crops: z.number(),
  /** Photos made smaller for showing. */
  previews: z.number(),
  /** For finding faces that look alike. */
  index: z.number(),
});
export type Storage = z.infer<typeof Storage>;

/** One folder of the computer as the folder chooser shows it; `entryId` stands for it, the path is for showing. */
export const BrowseEntry = z.object({
  entryId: z.string(),
  name: z.string(),
  path: z.string(),
  photoCount: z.int().nullable(),
});
export const BrowseResult = z.object({
  here: BrowseEntry,
  parent: BrowseEntry.nullable(),
  folders: z.array(BrowseEntry),
  /** Pictures, home, drives. */
  shortcuts: z.array(BrowseEntry),
});
export type BrowseEntry = z.infer<typeof BrowseEntry>;
export type BrowseResult = z.infer<typeof BrowseResult>;

import type { Connection } from './database.ts';
import type { PlacedFaceRow } from './faces.ts';

export interface LabelledFaceRow {
  readonly faceId: number;
  readonly sha256: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly drawn: 0 | 1;
  readonly state: 'confirmed' | 'ignored' | 'not-a-face' | null;
  readonly personId: number | null;
}

/** What a file of labels is made of, and what it is matched with. */
export function createLabelExportRepository(connection: Connection) {
  const labelled = connection.prepare<[], LabelledFaceRow>(
    `SELECT face.face_id AS faceId, photo.sha256, face.x, face.y, face.width, face.height,
       face.drawn, face_label.state, face_label.person_id AS personId
     FROM face JOIN photo USING (photo_id) LEFT JOIN face_label USING (face_id)
     WHERE face_label.state IS NOT 'absent' AND (face_label.state IS NOT NULL OR face.drawn = 1
       OR EXISTS (SELECT 1 FROM face_rejection r WHERE r.face_id = face.face_id)
       OR EXISTS (SELECT 1 FROM face_side s WHERE s.face_id = face.face_id))
     ORDER BY photo.sha256, face.ordinal`,
  );
  const sides = connection.prepare<[], { faceId: number; splitId: number; side: 0 | 1 }>(
    'SELECT face_id AS faceId, split_id AS splitId, side FROM face_side ORDER BY split_id, face_id',
  );
  const ofPhoto = connection.prepare<[string], PlacedFaceRow>(
    `SELECT face_id AS faceId, face.x, face.y, face.width, face.height FROM face JOIN photo USING (photo_id)
     LEFT JOIN face_label USING (face_id)
     WHERE photo.sha256 = ? AND face_label.state IS NOT 'absent' ORDER BY ordinal`,
  );
  return {
    /** Faces of which something was said, by the contents of their photos. */
    labelled: () => labelled.all(),
    sides: () => sides.all(),
    ofPhoto: (sha256: string) => ofPhoto.all(sha256),
  };
}

import { library } from './0001-library.ts';
import { probability } from './0002-probability.ts';
import { labelHistory } from './0004-label-history.ts';
import { renewedFaces } from './0005-renewed-faces.ts';
import { standing } from './0006-standing.ts';
import { heads } from './0007-heads.ts';
import { splits } from './0009-splits.ts';
import { clusterPersons } from './0010-cluster-persons.ts';

/** One step of the database's form; once released it is never edited. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  library,
  probability,
  labelHistory,
  renewedFaces,
  standing,
  heads,
  splits,
  clusterPersons,
];

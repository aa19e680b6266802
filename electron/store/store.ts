import type { Connection } from './database.ts';
import { openDatabase, openForReading } from './database.ts';
import { createFacesRepository } from './faces.ts';
import { createFilesRepository } from './files.ts';
import { createFoldersRepository } from './folders.ts';
import { createGroupsRepository } from './groups.ts';
import { createHeadsRepository } from './heads.ts';
import { createLabelExportRepository } from './label-export.ts';
import { createLabelsRepository } from './labels.ts';
import { createPhotosRepository } from './photos.ts';
import { createReviewRepository } from './review.ts';
import { createSettingsRepository } from './settings.ts';

export type Store = ReturnType<typeof createStore>;

function createStore(connection: Connection) {
  return {
    settings: createSettingsRepository(connection),
    folders: createFoldersRepository(connection),
    files: createFilesRepository(connection),
    photos: createPhotosRepository(connection),
    faces: createFacesRepository(connection),
    labels: createLabelsRepository(connection),
    labelExport: createLabelExportRepository(connection),
    groups: createGroupsRepository(connection),
    review: createReviewRepository(connection),
    heads: createHeadsRepository(connection),
    /** Runs the work in one transaction: all of it is kept, or nothing. */
    transaction: <T>(work: () => T): T => connection.transaction(work).immediate(),
    /** As `transaction`, and on the disk before it returns, power cut or not. */
    durably<T>(work: () => T): T {
      connection.pragma('synchronous = FULL');
      try {
        return connection.transaction(work).immediate();
      } finally {
        connection.pragma('synchronous = NORMAL');
      }
    },
    close: () => connection.close(),
  };
}

export function openStore(path: string): Store {
  return createStore(openDatabase(path));
}

export function openStoreForReading(path: string): Store {
  return createStore(openForReading(path));
}

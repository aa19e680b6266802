import { applicationFolders } from '../electron/engine/folders.ts';
import { compileMainSide } from './parts.ts';

await compileMainSide(applicationFolders(import.meta.url).root);

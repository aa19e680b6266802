import { join } from 'node:path';
import { BrowserWindow, Menu, app, session, shell } from 'electron';
import { applicationFolders, defaultLibraryFolder } from '../engine/folders.ts';
import { keepEngine } from '../engine/keeper.ts';
import type { EngineKeeper } from '../engine/keeper.ts';
import type { ShellArguments } from './arguments.ts';
import { askForFolder, showFailure } from './dialogs.ts';
import { forkUtilityEngine } from './engine.ts';
import type { UtilityEngine } from './engine.ts';
import { answerWindow } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { serveScheme } from './protocol.ts';
import { lockContents, lockSession } from './security.ts';
import { strings } from './strings.ts';
import { openWindow } from './window.ts';

/** What the first start does for a later one. */
export interface Shell {
  /** Brings the window to the front and adds the folders that the later start was given. */
  welcome(folders: readonly string[]): void;
}

/**
 * Starts engine, protocol, menu and window, and takes them down when the application quits.
 * Rejects where the library cannot be opened. To be called once, when the application is ready.
 */
export async function startShell(given: ShellArguments): Promise<Shell> {
  const folders = applicationFolders(
    import.meta.url,
    app.isPackaged ? process.resourcesPath : null,
  );
  const libraryFolder = given.libraryFolder ?? defaultLibraryFolder();
  const engine = await keepEngine<UtilityEngine>({
    fork: () =>
      forkUtilityEngine({
        libraryFolder,
        modelsFolder: folders.models,
        samplesFolder: folders.samples,
        version: folders.version,
        logFile: join(libraryFolder, 'kith.log'),
        overrides: {},
      }),
    say: (line) => void process.stderr.write(`kith: ${line}\n`),
    onLost(message) {
      showFailure(strings.engineLostTitle, message);
      app.exit(1);
    },
  });
  closeWithApplication(engine);

  const options = {
    // Compiled to CommonJS beside this file, which is what a sandboxed window can load.
    preloadFile: join(import.meta.dirname, 'preload.cjs'),
    stateFile: join(app.getPath('userData'), 'window.json'),
    packaged: app.isPackaged,
  };
  lockSession(session.defaultSession);
  serveScheme(session.defaultSession, folders.renderer, engine.call);

  let window: BrowserWindow | null = null;
  const show = (): BrowserWindow => {
    if (!window || window.isDestroyed()) window = openWindow(options);
    else {
      if (window.isMinimized()) window.restore();
      window.focus();
    }
    return window;
  };
  const chooseFolder = async () => {
    const path = await askForFolder(show());
    return path === null ? null : engine.call('host.addFolder', { path });
  };
  const addFolders = async (paths: readonly string[]) => {
    for (const path of paths) {
      try {
        await engine.call('host.addFolder', { path });
      } catch (error) {
        showFailure(strings.folderNotAddedTitle, `${path}\n\n${sentence(error)}`);
      }
    }
  };

  const showPhoto = async (photoId: number) => {
    try {
      shell.showItemInFolder((await engine.call('host.photoPath', { photoId })).path);
      return null;
    } catch (error) {
      return sentence(error);
    }
  };

  answerWindow({ connect: (port) => engine.running().connect(port), chooseFolder, showPhoto });
  const actions = {
    addFolder: () =>
      void chooseFolder().catch((error: unknown) =>
        showFailure(strings.folderNotAddedTitle, sentence(error)),
      ),
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged, actions)),
  );
  app.setAboutPanelOptions({
    applicationName: strings.productName,
    applicationVersion: folders.version,
  });
  app.on('activate', () => void show());
  app.on('window-all-closed', () => {
    // On macOS an application stays in the dock without a window.
    if (process.platform !== 'darwin') app.quit();
  });

  show();
  void addFolders(given.folders);
  return {
    welcome(later) {
      show();
      void addFolders(later);
    },
  };
}

/** Every page that is ever made is locked, whatever made it. Must precede the first window. */
export function lockEveryPage(): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

/** Holds quitting back until the library is closed. */
function closeWithApplication(engine: EngineKeeper<UtilityEngine>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void engine.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

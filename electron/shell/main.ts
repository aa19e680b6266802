import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { lockEveryPage, startShell } from './application.ts';
import type { Shell } from './application.ts';
import { foldersOfSecondStart, readArguments } from './arguments.ts';
import { showFailure } from './dialogs.ts';
import { registerScheme } from './protocol.ts';
import { strings } from './strings.ts';

// Beside the library, which is in a folder of the same name on Windows and macOS, not among its files.
if (!app.commandLine.hasSwitch('user-data-dir')) {
  const userData = join(app.getPath('appData'), strings.productName, 'Window');
  mkdirSync(userData, { recursive: true });
  app.setPath('userData', userData);
}
const given = readArguments(process.argv, app.isPackaged, process.cwd());

// One library, one engine: a later start only hands its folders over.
if (app.requestSingleInstanceLock({ folders: given.folders })) {
  app.enableSandbox();
  registerScheme();
  lockEveryPage();
  let shell: Shell | null = null;
  const early: string[] = [];
  app.on('second-instance', (_event, _argv, _workingFolder, data) => {
    const folders = foldersOfSecondStart(data);
    if (shell) shell.welcome(folders);
    else early.push(...folders);
  });
  app
    .whenReady()
    .then(() => startShell(given))
    .then((started) => {
      shell = started;
      if (early.length > 0) started.welcome(early);
    })
    .catch((error: unknown) => {
      showFailure(strings.cannotStartTitle, error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
} else {
  app.quit();
}

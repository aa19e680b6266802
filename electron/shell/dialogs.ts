import { dialog } from 'electron';
import type { BaseWindow } from 'electron';
import { strings } from './strings.ts';

/** Asks for a folder; null when the user changed their mind. */
export async function askForFolder(window: BaseWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: strings.chooseFolderTitle,
    buttonLabel: strings.chooseFolderButton,
    properties: ['openDirectory'],
  });
  return canceled ? null : (filePaths[0] ?? null);
}

/** Shows what went wrong where there is no interface to show it; blocks until it was read. */
export function showFailure(title: string, message: string): void {
  dialog.showErrorBox(title, message);
}

import { MessageChannelMain, ipcMain } from 'electron';
import type { MessagePortMain } from 'electron';
import { z } from 'zod';
import { PhotoId } from '../contract/entities.ts';
import { isTrustedSender } from './security.ts';

/** Messages between window and shell; preload.cts repeats them. */
export const messages = {
  requestPort: 'kith:request-port',
  port: 'kith:port',
  chooseFolder: 'kith:choose-folder',
  showPhoto: 'kith:show-photo',
} as const;

export interface IpcActions {
  /** Gives the engine its end of a new line to the window. Throws while no engine runs. */
  connect(port: MessagePortMain): void;
  /** Asks for a folder and adds it; what it resolves to goes back to the window. */
  chooseFolder(): Promise<unknown>;
  /** Shows a photo's file in the file manager; what hinders that, as a sentence, or null. */
  showPhoto(photoId: number): Promise<string | null>;
}

const NoArguments = z.tuple([]);
const OnePhoto = z.tuple([PhotoId]);

/** Answers the window. Every message is dropped unless it comes from the interface itself. */
export function answerWindow(actions: IpcActions): void {
  ipcMain.on(messages.requestPort, (event, ...args: unknown[]) => {
    const frame = event.senderFrame;
    if (!isTrustedSender(event) || !frame || !NoArguments.safeParse(args).success) return;
    const { port1, port2 } = new MessageChannelMain();
    try {
      actions.connect(port1);
    } catch {
      // The window asks again while the engine is being started anew.
      port1.close();
      return;
    }
    frame.postMessage(messages.port, null, [port2]);
  });
  ipcMain.handle(messages.chooseFolder, async (event, ...args: unknown[]) => {
    if (!isTrustedSender(event)) throw new Error('Refused: not the window of Kith.');
    NoArguments.parse(args);
    return actions.chooseFolder();
  });
  ipcMain.handle(messages.showPhoto, async (event, ...args: unknown[]) => {
    if (!isTrustedSender(event)) throw new Error('Refused: not the window of Kith.');
    return actions.showPhoto(OnePhoto.parse(args)[0]);
  });
}

import type { IpcMainEvent, IpcMainInvokeEvent, Session, WebContents } from 'electron';
import { isAppAddress } from './protocol.ts';

/** No permission for any page, and no network: everything the interface needs comes by kith://. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] },
    (_details, callback) => callback({ cancel: true }),
  );
  session.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

/** What the interface made itself, such as the file of all labels: the system asks where to put it. */
function isOwnBlob(url: string): boolean {
  return url.startsWith('blob:') && isAppAddress(url.slice('blob:'.length));
}

/** The window stays where it is: no navigation, no second window, no embedded page. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isAppAddress(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isAppAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Whether a message comes from the interface itself: the top frame, at an address of its own. */
export function isTrustedSender(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && !frame.detached && frame.parent === null && isAppAddress(frame.url);
}

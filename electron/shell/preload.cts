/**
 * Runs in the window's sandbox before the page, so it may use nothing but a few of Electron's
 * modules: names of messages are repeated here, and a test compares them with the shell's.
 */
const { contextBridge, ipcRenderer } = require('electron') as typeof import('electron');

/** The part of the page's window that is used here; the main side has no types of the DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};

// The port cannot cross the context bridge, so it takes the page's own way for messages.
ipcRenderer.on('kith:port', (event) => {
  window.postMessage('kith:port', window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('kithHost', {
  kind: 'electron',
  platform: process.platform,
  chooseFolder: () => ipcRenderer.invoke('kith:choose-folder'),
  showPhoto: (photoId: number) => ipcRenderer.invoke('kith:show-photo', photoId),
  requestPort: () => ipcRenderer.send('kith:request-port'),
});

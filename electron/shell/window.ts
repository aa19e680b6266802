import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Rectangle, WebPreferences } from 'electron';
import { appOrigin } from './protocol.ts';
import { fitToDisplays, readWindowState, saveWindowState, smallestWindow } from './state.ts';
import { strings } from './strings.ts';

export interface WindowOptions {
  readonly preloadFile: string;
  readonly stateFile: string;
  readonly packaged: boolean;
}

/** What the page of the window may do: what a page of the web may, and no more. */
export function webPreferences(options: WindowOptions): WebPreferences {
  return {
    preload: options.preloadFile,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // Dictionaries would be fetched over the network.
    spellcheck: false,
    devTools: !options.packaged,
  };
}

/** Opens the window where it was closed last, and shows it once there is something to see. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const state = readWindowState(options.stateFile);
  const window = new BrowserWindow({
    ...fitToDisplays(state, workAreas()),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: strings.productName,
    show: false,
    // What shows before the first paint; a white flash would hurt in a dark room.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141416' : '#fafafa',
    webPreferences: webPreferences(options),
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    saveWindowState(options.stateFile, {
      ...window.getNormalBounds(),
      maximized: window.isMaximized(),
    });
  });
  void window.loadURL(`${appOrigin}/`);
  return window;
}

function workAreas(): [Rectangle, ...Rectangle[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

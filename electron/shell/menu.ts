import type { MenuItemConstructorOptions } from 'electron';
import { strings } from './strings.ts';

export interface MenuActions {
  addFolder(): void;
}

/** The application menu; developer's items only where the application is not packaged. */
export function menuTemplate(
  platform: NodeJS.Platform,
  packaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const application: MenuItemConstructorOptions = {
    label: strings.productName,
    submenu: [
      { role: 'about' },
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  const developer: MenuItemConstructorOptions[] = [
    separator,
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ];
  return [
    ...(mac ? [application] : []),
    {
      label: strings.menuFile,
      submenu: [
        {
          label: strings.menuAddFolder,
          accelerator: 'CommandOrControl+O',
          click: () => actions.addFolder(),
        },
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: strings.menuEdit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: strings.menuView,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(packaged ? [] : developer),
      ],
    },
    {
      label: strings.menuWindow,
      submenu: mac
        ? [{ role: 'minimize' }, { role: 'zoom' }, separator, { role: 'front' }]
        : [{ role: 'minimize' }, { role: 'close' }],
    },
  ];
}

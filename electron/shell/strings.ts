/** Every word that the shell itself shows; the interface has its own. */
export const strings = {
  productName: 'Kith',
  menuFile: 'File',
  menuAddFolder: 'Add Folder…',
  menuEdit: 'Edit',
  menuView: 'View',
  menuWindow: 'Window',
  chooseFolderTitle: 'Choose a folder of photos',
  chooseFolderButton: 'Add Folder',
  folderNotAddedTitle: 'This folder was not added',
  cannotStartTitle: 'Kith cannot start',
  engineLostTitle: 'Kith has to close',
} as const;

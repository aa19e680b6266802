import { describe, expect, it } from 'vitest';
import { showFile, showingPrograms } from '../../electron/browser-host/show-file.ts';

const screen = { DISPLAY: ':0' };

describe('showing a file', () => {
  it('hands the path over as one argument, whatever it holds', () => {
    const path = '/photos/a, "b" $(c).jpg';
    expect(showingPrograms(path, {}, 'darwin')).toEqual([{ command: 'open', args: ['-R', path] }]);
    expect(showingPrograms('C:\\a b\\c.jpg', {}, 'win32')).toEqual([
      { command: 'explorer.exe', args: ['/select,C:\\a b\\c.jpg'] },
    ]);
    const [manager, opener] = showingPrograms(path, screen, 'linux');
    expect(manager?.command).toBe('dbus-send');
    expect(manager?.args).toContain('array:string:file:///photos/a%2C%20%22b%22%20$(c).jpg');
    expect(opener).toEqual({ command: 'xdg-open', args: ['/photos'] });
  });

  it('says where the file is when there is nothing to show it with', async () => {
    await expect(showFile('/photos/a.jpg', {}, 'linux')).rejects.toThrow(
      'No file manager can be opened here. The file is /photos/a.jpg',
    );
    const nothing = { ...screen, PATH: '/nowhere' };
    await expect(showFile('/photos/a.jpg', nothing, 'linux')).rejects.toThrow('/photos/a.jpg');
  });
});

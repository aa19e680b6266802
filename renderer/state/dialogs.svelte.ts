import { api } from '../api.ts';
import { library } from './library.svelte.ts';

/** The few things that lie over the whole window. */
class Dialogs {
  keys = $state(false);
  chooser = $state(false);

  /** Lets the user choose a folder in the way of this host. */
  chooseFolder(): void {
    if (api.host) void library.chooseNatively();
    else this.chooser = true;
  }
}

export const dialogs = new Dialogs();

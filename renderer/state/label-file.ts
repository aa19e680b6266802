import { api, errorText } from '../api.ts';
import type { ChannelInput } from '../../electron/contract/channels.ts';
import { strings } from '../strings.ts';
import { labels } from './labels.svelte.ts';
import { toasts } from './toasts.svelte.ts';

type LabelDocument = ChannelInput<'labels.import'>['document'];

/** Larger files do not fit through the line to the engine; the command line reads them. */
const maxBytes = 15_000_000;

/** Offers all labels as a file, in the way the browser or the system saves downloads. */
export async function saveLabels(): Promise<void> {
  try {
    const document = await api.call('labels.export', {});
    const blob = new Blob([JSON.stringify(document, null, 1)], { type: 'application/json' });
    const link = window.document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = strings.labelFile.fileName(new Date().toISOString().slice(0, 10));
    link.click();
    // The download has begun; its address is not needed any more when the page is next idle.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    toasts.show(errorText(error), 'error');
  }
}

/** Says what a file says, as one action. */
export async function restoreLabels(file: File): Promise<void> {
  const text = strings.labelFile;
  if (file.size > maxBytes) return toasts.show(text.tooLarge, 'error');
  let document: LabelDocument;
  try {
    document = JSON.parse(await file.text()) as LabelDocument;
  } catch {
    return toasts.show(text.notLabels, 'error');
  }
  try {
    const { description, missing } = await api.call('labels.import', { document });
    labels.offerUndo(missing === 0 ? (description ?? '') : text.restored(description, missing));
  } catch (error) {
    toasts.show(errorText(error), 'error');
  }
}

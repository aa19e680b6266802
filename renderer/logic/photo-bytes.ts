import { maxPhotoBytes } from '../../electron/contract/limits.ts';

/** The bytes of a file as the engine takes them, or null where it is too large. */
export async function photoBytes(file: Blob): Promise<string | null> {
  if (file.size > maxPhotoBytes) return null;
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(',') + 1);
}

/** The first file of what was dropped or chosen. */
export function firstFile(files: FileList | null | undefined): File | null {
  return files?.[0] ?? null;
}

export function jpegAddress(base64: string): string {
  return `data:image/jpeg;base64,${base64}`;
}

/** Largest photo that may be handed over, bytes: in base64 it fits one message of any line. */
export const maxPhotoBytes = 12_000_000;

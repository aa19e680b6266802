export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies on its stage, in CSS pixels from the stage's top left corner. */
export interface Placement extends Size {
  readonly left: number;
  readonly top: number;
}

/** `zoom` is relative to the fitted size; the offset moves the picture's centre from the stage's, in pixels. */
export interface View {
  readonly zoom: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

export const fitted: View = { zoom: 1, offsetX: 0, offsetY: 0 };
export const largestZoom = 12;

/** Pixels left free around a picture that fits the stage. */
const margin = 14;

/** Scale at which the whole picture is seen; small pictures are not blown up beyond twice their size. */
export function fitScale(photo: Size, stage: Size): number {
  if (photo.width <= 0 || photo.height <= 0) return 1;
  const room = (length: number) => Math.max(1, length - 2 * margin);
  return Math.min(room(stage.width) / photo.width, room(stage.height) / photo.height, 2);
}

export function place(photo: Size, stage: Size, view: View): Placement {
  const scale = fitScale(photo, stage) * view.zoom;
  const width = photo.width * scale;
  const height = photo.height * scale;
  return {
    width,
    height,
    left: (stage.width - width) / 2 + view.offsetX,
    top: (stage.height - height) / 2 + view.offsetY,
  };
}

/** Keeps the picture on the stage: no gap on a side where it is larger, centred where it is smaller. */
export function settle(photo: Size, stage: Size, view: View): View {
  const zoom = Math.max(1, Math.min(largestZoom, view.zoom));
  const scale = fitScale(photo, stage) * zoom;
  const roomX = Math.max(0, (photo.width * scale - stage.width) / 2);
  const roomY = Math.max(0, (photo.height * scale - stage.height) / 2);
  return {
    zoom,
    offsetX: Math.max(-roomX, Math.min(roomX, view.offsetX)),
    offsetY: Math.max(-roomY, Math.min(roomY, view.offsetY)),
  };
}

/** Zooms by `factor` so that the point under the pointer (stage pixels) stays where it is. */
export function zoomAt(
  photo: Size,
  stage: Size,
  view: View,
  factor: number,
  pointer: { readonly x: number; readonly y: number },
): View {
  const zoom = Math.max(1, Math.min(largestZoom, view.zoom * factor));
  const ratio = zoom / view.zoom;
  const fromCentreX = pointer.x - stage.width / 2;
  const fromCentreY = pointer.y - stage.height / 2;
  return settle(photo, stage, {
    zoom,
    offsetX: fromCentreX - (fromCentreX - view.offsetX) * ratio,
    offsetY: fromCentreY - (fromCentreY - view.offsetY) * ratio,
  });
}

/** Moves a zoomed picture so that a box (fractions of the picture) is seen whole, if it is not. */
export function reveal(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  photo: Size,
  stage: Size,
  view: View,
): View {
  const at = place(photo, stage, view);
  const left = at.left + box.x * at.width;
  const top = at.top + box.y * at.height;
  const width = box.width * at.width;
  const height = box.height * at.height;
  const seen = left >= 0 && top >= 0 && left + width <= stage.width && top + height <= stage.height;
  if (seen) return view;
  return settle(photo, stage, {
    zoom: view.zoom,
    offsetX: view.offsetX + stage.width / 2 - (left + width / 2),
    offsetY: view.offsetY + stage.height / 2 - (top + height / 2),
  });
}

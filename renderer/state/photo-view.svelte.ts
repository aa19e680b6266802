/** How photos are looked at; kept from one photo to the next. */
class PhotoView {
  /** Boxes and names always, not only under the pointer. */
  showFaces = $state(true);
  showDetails = $state(false);
}

export const photoView = new PhotoView();

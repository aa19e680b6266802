import { firstCamera, middleDepth, viewMatrix, type Camera } from './camera.ts';
import { marks, type PointLayer } from './gl.ts';
import { emptyScene, positionsBefore, type Scene } from './packed.ts';
import { ownerColour } from './palette.ts';
import { nearestTo, projectAll, withinCircle, withinLine } from './pick.ts';

/** Milliseconds that faces take from where they were to where they go. */
const movingTime = 1600;
/** Milliseconds that the eye takes to another place. */
const flightTime = 420;
/** Pixels around the pointer within which a face is found. */
const reach = 12;

/**
 * What is on the canvas: faces, eye and marks. It draws only when something changed, and knows where
 * each face is on the screen.
 */
export class MapStage {
  camera: Camera = firstCamera(2);
  /** Called after every picture; `resting` when the next one will be the same. */
  onFrame: (resting: boolean) => void = () => undefined;
  readonly #canvas: HTMLCanvasElement;
  #layer: PointLayer;
  readonly #motion: () => boolean;
  #scene: Scene = emptyScene;
  #before: Float32Array = new Float32Array(0);
  /** Where faces are at this moment. */
  #now: Float32Array = new Float32Array(0);
  #screen = new Float32Array(0);
  #screenStale = true;
  #movingSince: number | null = null;
  #flight: { from: Camera; to: Camera; since: number } | null = null;
  #chosen: ReadonlySet<number> = new Set();
  #highlight: number | null = null;
  #dark = false;
  #frame = 0;
  #width = 1;
  #height = 1;
  #ratio = 1;

  /** @param motion whether things may move by themselves */
  constructor(canvas: HTMLCanvasElement, layer: PointLayer, motion: () => boolean) {
    this.#canvas = canvas;
    this.#layer = layer;
    this.#motion = motion;
  }

  get scene(): Scene {
    return this.#scene;
  }

  get shorter(): number {
    return Math.min(this.#width, this.#height);
  }

  get middle(): readonly [number, number] {
    return [this.#width / 2, this.#height / 2];
  }

  /** Faces that were there before move to their new places. */
  setScene(scene: Scene, dimensions: 2 | 3): void {
    const shown: Scene = { ...this.#scene, positions: this.#now };
    const first = this.#scene.faceIds.length === 0;
    this.#before = positionsBefore(shown, scene);
    this.#scene = scene;
    const moves = !first && this.#before.some((value, at) => value !== scene.positions[at]);
    this.#movingSince = moves && this.#motion() ? performance.now() : null;
    this.#now = (this.#movingSince === null ? scene.positions : this.#before).slice();
    this.#screen = new Float32Array((scene.positions.length / 3) * 2);
    if (dimensions !== this.camera.dimensions) this.look(firstCamera(dimensions));
    this.drawOn(this.#layer);
  }

  /** Draws all of it on another layer, as the graphics processor may forget the one before. */
  drawOn(layer: PointLayer): void {
    this.#layer = layer;
    layer.setPositions(this.#before, this.#scene.positions);
    this.#colour();
    this.#mark();
  }

  setDark(dark: boolean): void {
    this.#dark = dark;
    this.#colour();
  }

  /** @param highlight an owner beside whom all others fade */
  setMarks(chosen: ReadonlySet<number>, highlight: number | null): void {
    this.#chosen = chosen;
    this.#highlight = highlight;
    this.#mark();
  }

  resize(width: number, height: number, ratio: number): void {
    [this.#width, this.#height, this.#ratio] = [width, height, ratio];
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
    this.#changed();
  }

  look(camera: Camera): void {
    this.#flight = null;
    this.camera = camera;
    this.#changed();
  }

  flyTo(to: Camera): void {
    if (!this.#motion()) return this.look(to);
    this.#flight = { from: this.camera, to, since: performance.now() };
    this.#changed();
  }

  /** The row of the face at a place, or −1. */
  faceAt(x: number, y: number, radius = reach): number {
    return nearestTo(this.#places(), x, y, radius);
  }

  facesIn(line: readonly (readonly [number, number])[]): number[] {
    return this.#idsOf(withinLine(this.#places(), line));
  }

  facesAround(x: number, y: number, radius: number): number[] {
    return this.#idsOf(withinCircle(this.#places(), x, y, radius));
  }

  placeOf(row: number): readonly [number, number] {
    const places = this.#places();
    return [places[2 * row] ?? NaN, places[2 * row + 1] ?? NaN];
  }

  /** Rows of the faces in sight, as far as they are no more than `most`; else none. */
  inSight(most: number): number[] {
    const places = this.#places();
    const rows: number[] = [];
    for (let at = 0; at < places.length; at += 2) {
      const [x = NaN, y = NaN] = [places[at], places[at + 1]];
      if (!(x > 0 && x < this.#width && y > 0 && y < this.#height)) continue;
      if (rows.length === most) return [];
      rows.push(at / 2);
    }
    return rows;
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.onFrame = () => undefined;
  }

  #idsOf(rows: readonly number[]): number[] {
    return rows.map((row) => this.#scene.faceIds[row] ?? 0);
  }

  #places(): Float32Array {
    if (this.#screenStale) {
      const matrix = viewMatrix(this.camera, this.#width, this.#height);
      projectAll(this.#now, matrix, this.#width, this.#height, this.#screen);
      this.#screenStale = false;
    }
    return this.#screen;
  }

  #colour(): void {
    const known = new Map<number, readonly [number, number, number]>();
    const colours = new Uint8Array(this.#scene.owners.length * 4);
    for (const [row, owner] of this.#scene.owners.entries()) {
      const colour = known.get(owner) ?? ownerColour(owner, this.#dark);
      known.set(owner, colour);
      colours.set(colour, 4 * row);
      colours[4 * row + 3] = owner > 0 ? 235 : 190;
    }
    this.#layer.setColours(colours);
    this.#changed();
  }

  #mark(): void {
    const { owners, faceIds } = this.#scene;
    const values = new Uint8Array(owners.length);
    for (const [row, owner] of owners.entries()) {
      if (this.#chosen.has(faceIds[row] ?? 0)) values[row] = marks.chosen;
      else if (this.#highlight !== null && owner !== this.#highlight) values[row] = marks.faded;
    }
    this.#layer.setMarks(values);
    this.#changed();
  }

  #changed(): void {
    this.#screenStale = true;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const share = this.#advance();
    const resting = this.#movingSince === null && this.#flight === null;
    this.#layer.draw({
      view: viewMatrix(this.camera, this.#width, this.#height),
      share,
      size: this.#pointSize() * this.#ratio,
      middle: middleDepth(this.camera),
      deep: this.camera.dimensions === 3,
      outline: this.#dark ? [1, 1, 1] : [0.1, 0.1, 0.1],
    });
    this.onFrame(resting);
    if (!resting) this.#changed();
  }

  /** Moves what moves by itself. @returns how far the faces are on their way. */
  #advance(): number {
    const now = performance.now();
    if (this.#flight) {
      const { from, to, since } = this.#flight;
      const share = eased((now - since) / flightTime);
      this.camera = share === 1 ? to : between(from, to, share);
      if (share === 1) this.#flight = null;
    }
    if (this.#movingSince === null) return 1;
    const share = eased((now - this.#movingSince) / movingTime);
    const { positions } = this.#scene;
    for (const [at, before] of this.#before.entries()) {
      this.#now[at] = before + share * ((positions[at] ?? 0) - before);
    }
    if (share === 1) this.#movingSince = null;
    return share;
  }

  /** Pixels: few faces are large, many are small, and near ones are larger. */
  #pointSize(): number {
    const many = 30 * Math.max(1, this.#scene.faceIds.length) ** -0.2;
    const scale = this.shorter / 700;
    const near = this.camera.dimensions === 2 ? this.camera.zoom ** 0.4 : this.camera.zoom ** -0.5;
    return Math.max(2.5, Math.min(18, many)) * Math.max(0.8, Math.min(1.6, scale)) * near;
  }
}

function eased(share: number): number {
  const s = Math.max(0, Math.min(1, share));
  return s < 0.5 ? 4 * s ** 3 : 1 - (2 - 2 * s) ** 3 / 2;
}

function between(from: Camera, to: Camera, share: number): Camera {
  const mix = (a: number, b: number) => a + share * (b - a);
  return {
    dimensions: to.dimensions,
    target: [0, 1, 2].map((i) => mix(from.target[i] ?? 0, to.target[i] ?? 0)) as never,
    // Zooming is even where it multiplies.
    zoom: from.zoom * (to.zoom / from.zoom) ** share,
    yaw: mix(from.yaw, to.yaw),
    pitch: mix(from.pitch, to.pitch),
  };
}

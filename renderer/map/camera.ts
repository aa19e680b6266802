/** How a map is looked at. */
export interface Camera {
  readonly dimensions: 2 | 3;
  /** What is in the middle. */
  readonly target: readonly [number, number, number];
  /** 1 shows everything. */
  readonly zoom: number;
  /** Turned about the vertical and the horizontal axis, radians; 0 on a flat map. */
  readonly yaw: number;
  readonly pitch: number;
}

export const zoomLimits = { least: 0.5, most: 60 } as const;
/** Share of the shorter side that the unit circle's diameter takes. */
const fill = 0.92;
/** From here an eye sees the unit sphere at zoom 1. */
const eyeDistance = 4;

export function firstCamera(dimensions: 2 | 3): Camera {
  const turned = dimensions === 3 ? { yaw: 0.5, pitch: 0.35 } : { yaw: 0, pitch: 0 };
  return { dimensions, target: [0, 0, 0], zoom: 1, ...turned };
}

/** Distance of what is in the middle, as the fourth coordinate of the matrix gives it. */
export function middleDepth({ dimensions, zoom }: Camera): number {
  return dimensions === 2 ? 1 : eyeDistance / zoom;
}

/** Rows of the turning: right, up, towards the eye. */
function axes({ yaw, pitch }: Camera): readonly (readonly [number, number, number])[] {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [
    [cy, 0, -sy],
    [-sp * sy, cp, -sp * cy],
    [cp * sy, sp, cp * cy],
  ];
}

/** From places on the map to clip space, column by column, for a view of so many pixels. */
export function viewMatrix(camera: Camera, width: number, height: number): Float32Array {
  const shorter = Math.min(width, height);
  const [kx, ky] = [(fill * shorter) / width, (fill * shorter) / height];
  const matrix = new Float32Array(16);
  const [right, up, towards] = axes(camera);
  const { target, zoom } = camera;
  const distance = eyeDistance / zoom;
  const far = distance + 8;
  const near = 0.02;
  for (let i = 0; i < 3; i++) {
    const [r = 0, u = 0, t = 0] = [right?.[i], up?.[i], towards?.[i]];
    const shift = target[i] ?? 0;
    const scale = camera.dimensions === 2 ? zoom : eyeDistance;
    const depth = camera.dimensions === 2 ? 0 : (-(far + near) / (far - near)) * t;
    const w = camera.dimensions === 2 ? 0 : -t;
    const column = [scale * kx * r, scale * ky * u, depth, w];
    for (const [row, value] of column.entries()) {
      matrix[4 * i + row] = value;
      matrix[12 + row] = (matrix[12 + row] ?? 0) - value * shift;
    }
  }
  if (camera.dimensions === 2) matrix[15] = 1;
  else {
    matrix[14] =
      (matrix[14] ?? 0) +
      ((far + near) * distance) / (far - near) -
      (2 * far * near) / (far - near);
    matrix[15] = (matrix[15] ?? 0) + distance;
  }
  return matrix;
}

/** Moves what is seen by so many pixels; on a map in space it turns. */
export function dragged(camera: Camera, dx: number, dy: number, shorter: number): Camera {
  if (camera.dimensions === 3) {
    const limit = Math.PI / 2;
    return {
      ...camera,
      yaw: camera.yaw + (4 * dx) / shorter,
      pitch: Math.max(-limit, Math.min(limit, camera.pitch + (4 * dy) / shorter)),
    };
  }
  const unit = (fill * shorter * camera.zoom) / 2;
  const [x, y] = camera.target;
  return { ...camera, target: [x - dx / unit, y + dy / unit, 0] };
}

/** @param x, y the point that stays where it is, pixels from the middle. */
export function zoomed(camera: Camera, factor: number, shorter: number, x = 0, y = 0): Camera {
  const zoom = Math.max(zoomLimits.least, Math.min(zoomLimits.most, camera.zoom * factor));
  if (camera.dimensions === 3) return { ...camera, zoom };
  const real = zoom / camera.zoom;
  const closer = dragged(camera, -x * (1 - 1 / real), -y * (1 - 1 / real), shorter);
  return { ...closer, zoom };
}

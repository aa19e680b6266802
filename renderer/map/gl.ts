const vertex = `#version 300 es
in vec3 before;
in vec3 after;
in vec4 colour;
in float mark;
uniform mat4 view;
uniform float share;
uniform float size;
uniform float middle;
out vec4 filled;
out float ring;
out float pixel;
void main() {
  gl_Position = view * vec4(mix(before, after, share), 1.0);
  float chosen = step(0.75, mark);
  float faded = step(0.25, mark) - chosen;
  // What is faded hides nothing.
  gl_Position.z = mix(gl_Position.z, gl_Position.w * 0.9999, faded);
  gl_PointSize = clamp(size * middle / max(gl_Position.w, 0.02), 1.5, 48.0) * (1.0 + 0.5 * chosen);
  filled = vec4(colour.rgb, colour.a * (1.0 - 0.8 * faded));
  ring = chosen;
  pixel = 2.0 / gl_PointSize;
}`;

const fragment = `#version 300 es
precision mediump float;
in vec4 filled;
in float ring;
in float pixel;
uniform vec3 outline;
out vec4 shown;
void main() {
  float radius = 2.0 * length(gl_PointCoord - 0.5);
  float alpha = 1.0 - smoothstep(1.0 - pixel, 1.0, radius);
  if (alpha <= 0.0) discard;
  vec3 colour = mix(filled.rgb, outline, ring * step(0.66, radius));
  shown = vec4(colour, 1.0) * (filled.a * alpha);
}`;

/** What one picture is drawn with. */
export interface Frame {
  readonly view: Float32Array;
  /** Of the way from the positions before to those after, 0 to 1. */
  readonly share: number;
  /** Diameter of a point in the middle, in pixels of the screen. */
  readonly size: number;
  /** Fourth coordinate of what is in the middle. */
  readonly middle: number;
  /** Nearer points hide those behind them. */
  readonly deep: boolean;
  /** Around chosen points; 0 to 1 each. */
  readonly outline: readonly [number, number, number];
}

/** Marks of points: as they are, faded, chosen. */
export const marks = { plain: 0, faded: 128, chosen: 255 } as const;

/** Draws all points in one call; 100,000 are one buffer that stays on the graphics processor. */
export class PointLayer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #buffers: Record<'before' | 'after' | 'colour' | 'mark', WebGLBuffer>;
  #count = 0;

  private constructor(gl: WebGL2RenderingContext, program: WebGLProgram) {
    this.#gl = gl;
    this.#program = program;
    const buffer = (name: string, numbers: number, bytes: boolean) => {
      const made = gl.createBuffer();
      const place = gl.getAttribLocation(program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, made);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, numbers, bytes ? gl.UNSIGNED_BYTE : gl.FLOAT, bytes, 0, 0);
      return made;
    };
    gl.bindVertexArray(gl.createVertexArray());
    this.#buffers = {
      before: buffer('before', 3, false),
      after: buffer('after', 3, false),
      colour: buffer('colour', 4, true),
      mark: buffer('mark', 1, true),
    };
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Null where this computer draws no WebGL. */
  static create(canvas: HTMLCanvasElement): PointLayer | null {
    const gl = canvas.getContext('webgl2', { antialias: false, depth: true });
    if (!gl) return null;
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(type);
      if (!shader) return null;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
    return new PointLayer(gl, program);
  }

  /** Three coordinates a point each. */
  setPositions(before: Float32Array, after: Float32Array): void {
    this.#count = after.length / 3;
    this.#fill('before', before);
    this.#fill('after', after);
  }

  /** Four bytes a point: red, green, blue, and how opaque. */
  setColours(colours: Uint8Array): void {
    this.#fill('colour', colours);
  }

  /** One byte a point, of `marks`. */
  setMarks(values: Uint8Array): void {
    this.#fill('mark', values);
  }

  draw(frame: Frame): void {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    const place = (name: string) => gl.getUniformLocation(this.#program, name);
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (frame.deep) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    gl.uniformMatrix4fv(place('view'), false, frame.view);
    gl.uniform1f(place('share'), frame.share);
    gl.uniform1f(place('size'), frame.size);
    gl.uniform1f(place('middle'), frame.middle);
    gl.uniform3fv(place('outline'), frame.outline);
    gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  #fill(name: 'before' | 'after' | 'colour' | 'mark', values: Float32Array | Uint8Array): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  }
}

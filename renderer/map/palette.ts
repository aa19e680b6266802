export type Rgb = readonly [red: number, green: number, blue: number];

/** Turns of the colour circle from one number to the next: none comes close to those before it. */
const goldenAngle = 137.508;

/** The colour of a person, of a group without a name (paler), or of nobody; 0 to 255 each. */
export function ownerColour(owner: number, dark: boolean): Rgb {
  if (owner === 0) return dark ? [104, 101, 95] : [172, 168, 160];
  const hue = (Math.abs(owner) * goldenAngle) % 360;
  // Neighbours on the circle differ in lightness as well.
  const step = (Math.abs(owner) % 3) * 6;
  if (owner < 0) return fromHsl(hue, 0.2, (dark ? 44 : 66) / 100);
  return fromHsl(hue, dark ? 0.68 : 0.66, (dark ? 58 + step : 36 + step) / 100);
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${String(red)} ${String(green)} ${String(blue)})`;
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

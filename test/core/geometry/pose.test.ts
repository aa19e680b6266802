import { describe, expect, it } from 'vitest';
import { estimatePose } from '../../../electron/core/geometry/pose.ts';
import { AVERAGE_LANDMARKS } from '../../../electron/core/geometry/template.ts';

const DEPTHS = [-17, -17, 0, -12, -12];
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The average face in space, turned (positive to the picture's right), nodded (up) and rolled, seen from afar. */
function seen(yaw: number, pitch: number, roll: number, scale = 3): number[] {
  const picture: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const x = AVERAGE_LANDMARKS[2 * i]! - 56;
    const y = AVERAGE_LANDMARKS[2 * i + 1]! - 72;
    const z = DEPTHS[i]!;
    // Nod about the x axis, then turn about the y axis.
    const nodY = y * Math.cos(radians(pitch)) - z * Math.sin(radians(pitch));
    const nodZ = y * Math.sin(radians(pitch)) + z * Math.cos(radians(pitch));
    const turnX = x * Math.cos(radians(yaw)) + nodZ * Math.sin(radians(yaw));
    picture.push(
      400 + scale * (turnX * Math.cos(radians(roll)) - nodY * Math.sin(radians(roll))),
      300 + scale * (turnX * Math.sin(radians(roll)) + nodY * Math.cos(radians(roll))),
    );
  }
  return picture;
}

describe('estimatePose', () => {
  it('sees the average face as frontal and upright', () => {
    const pose = estimatePose(AVERAGE_LANDMARKS);
    expect(pose.yaw).toBeCloseTo(0, 0);
    expect(pose.pitch).toBeCloseTo(0, 0);
    expect(Math.abs(pose.roll)).toBeLessThan(1);
  });

  it.each([
    [30, 0, 0],
    [-45, 0, 0],
    [0, 20, 0],
    [0, -25, 0],
    [25, 0, 35],
    [-20, 0, -60],
  ])('recovers yaw %i, pitch %i, roll %i', (yaw, pitch, roll) => {
    const pose = estimatePose(seen(yaw, pitch, roll));
    expect(Math.abs(pose.yaw - yaw)).toBeLessThan(3);
    expect(Math.abs(pose.pitch - pitch)).toBeLessThan(3);
    expect(Math.abs(pose.roll - roll)).toBeLessThan(3);
  });

  it('does not depend on size and place, and survives points that coincide', () => {
    expect(estimatePose(seen(20, 5, 10, 1)).yaw).toBeCloseTo(estimatePose(seen(20, 5, 10, 8)).yaw);
    expect(estimatePose([5, 5, 5, 5, 5, 5, 5, 5, 5, 5])).toEqual({ yaw: 0, pitch: 0, roll: 0 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byEvent, dayRange } from '../../renderer/logic/events.ts';

let next = 1;
const face = (takenAt: string | null, folder: string | null = 'Photos') => {
  return { faceId: next++, takenAt, folder };
};
const several = (count: number, day: string, folder?: string) =>
  Array.from({ length: count }, (_, at) => face(`${day}T1${at % 10}:00:00`, folder));

describe('events of a person', () => {
  it('end where nothing is taken for long, where the folder changes, and with the year', () => {
    const events = byEvent([
      ...several(4, '2019-07-12', 'Norway'),
      ...several(4, '2019-07-13', 'Norway'),
      // The same evening, sorted somewhere else.
      face('2019-07-13T23:30:00', 'Wedding'),
      ...several(3, '2019-07-20', 'Norway'),
      ...several(3, '2019-12-31', 'Party'),
      ...several(3, '2020-01-01', 'Party'),
    ]);
    expect(
      events.map(({ days, folder, faces }) => [days?.join(' '), folder, faces.length]),
    ).toEqual([
      ['2020-01-01 2020-01-01', 'Party', 3],
      ['2019-12-31 2019-12-31', 'Party', 3],
      ['2019-07-20 2019-07-20', 'Norway', 3],
      ['2019-07-13 2019-07-13', 'Wedding', 1],
      ['2019-07-12 2019-07-13', 'Norway', 8],
    ]);
  });

  it('are left out of a year in which they would be many and small', () => {
    const months = ['01', '02', '03', '04', '05', '06'];
    const events = byEvent(months.map((month) => face(`2018-${month}-05T12:00:00`)));
    expect(events).toMatchObject([{ days: ['2018-01-05', '2018-06-05'] }]);
    expect(dayRange(events[0]!.days!)).toBe('2018');
  });

  it('are folders where the time is not known', () => {
    const events = byEvent([face(null, 'Scans'), face('2019-01-01T00:00:00'), face(null, 'Old')]);
    expect(events.map(({ days, folder }) => [days === null, folder])).toEqual([
      [false, 'Photos'],
      [true, 'Old'],
      [true, 'Scans'],
    ]);
  });

  it('hold every face once, whatever the order in which they come', () => {
    const some = fc.array(
      fc.record({
        day: fc.option(fc.integer({ min: 0, max: 900 })),
        folder: fc.constantFrom('a', 'b', null),
      }),
    );
    fc.assert(
      fc.property(some, fc.integer(), (rows, seed) => {
        const faces = rows.map(({ day, folder }, faceId) => {
          const time =
            day === null ? null : new Date(1.5e12 + day * 4e7).toISOString().slice(0, 19);
          return { faceId, takenAt: time, folder };
        });
        const shuffled = faces.toSorted(
          (a, b) => ((a.faceId * 7919 + seed) % 101) - ((b.faceId * 7919 + seed) % 101),
        );
        const numbers = (list: typeof faces) =>
          byEvent(list).map((event) => event.faces.map(({ faceId }) => faceId).sort());
        expect(numbers(shuffled).map(String).sort()).toEqual(numbers(faces).map(String).sort());
        expect(numbers(faces).flat().sort()).toEqual(faces.map(({ faceId }) => faceId).sort());
      }),
    );
  });

  it('are called by their days', () => {
    expect(dayRange(['2019-07-12', '2019-07-12'])).toBe('July 12, 2019');
    expect(dayRange(['2019-07-12', '2019-07-14'])).toMatch(/^July 12\s–\s14, 2019$/u);
    expect(dayRange(['nonsense', '2019-07-14'])).toBe('nons');
  });
});

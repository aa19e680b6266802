import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsFor,
  gridRows,
  moveIn,
  rowOf,
  type Move,
} from '../../renderer/logic/grid-layout.ts';
import { heirOf, standingOf } from '../../renderer/logic/heir.ts';

describe('the grid', () => {
  const sections = [
    { id: 'named', title: 'Named', count: 5 },
    { id: 'empty', title: 'Empty', count: 0 },
    { id: 'groups', title: 'Groups', count: 8 },
  ];
  const rows = gridRows(sections, 3);

  it('breaks sections into rows and gives empty ones no heading', () => {
    expect(
      rows.map((row) =>
        row.kind === 'heading' ? `#${String(row.section)}` : [row.first, row.count],
      ),
    ).toEqual(['#0', [0, 3], [3, 2], '#2', [5, 3], [8, 3], [11, 2]]);
  });

  it('fits as many columns as there is room for, and at least one', () => {
    expect(columnsFor(320, 100, 10)).toBe(3);
    expect(columnsFor(319, 100, 10)).toBe(2);
    expect(columnsFor(10, 100, 10)).toBe(1);
  });

  it('moves up and down across headings in the same column, shorter rows clamp', () => {
    const move = (index: number, kind: Move) => moveIn(rows, index, kind, 13);
    expect(move(2, 'down')).toBe(4);
    expect(move(4, 'down')).toBe(6);
    expect(move(7, 'up')).toBe(4);
    expect(move(0, 'up')).toBe(0);
    expect(move(12, 'down')).toBe(12);
    expect(move(12, 'right')).toBe(12);
    expect(move(6, 'start')).toBe(5);
    expect(move(9, 'end')).toBe(10);
    expect(move(9, 'first')).toBe(0);
    expect(move(0, 'last')).toBe(12);
    expect(move(0, 'page-down')).toBe(11);
    expect(moveIn(rows, 0, 'down', 0)).toBe(-1);
  });

  it('finds the row of every item as a linear search does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (counts, titled, columns) => {
          const list = counts.map((count, index) => ({
            id: String(index),
            title: titled[index] === true ? 'x' : null,
            count,
          }));
          const made = gridRows(list, columns);
          const total = counts.reduce((sum, count) => sum + count, 0);
          for (let index = -1; index <= total; index++) {
            const expected = made.findIndex(
              (row) => row.kind === 'tiles' && index >= row.first && index < row.first + row.count,
            );
            expect(rowOf(made, index)).toBe(expected);
          }
        },
      ),
    );
  });
});

describe('the focus after a change', () => {
  const keyIn = (list: readonly string[]) => (index: number) => list[index] ?? '';
  const split = (named: number, groups: number) => [
    { id: 'named', title: null, count: named },
    { id: 'groups', title: null, count: groups },
  ];
  const before = ['a', 'b', 'p', 'q', 'r'];
  const standing = (index: number) => standingOf(split(2, 3), keyIn(before), index);
  const after = (index: number, named: number, list: readonly string[]) =>
    heirOf(standing(index), split(named, list.length - named), keyIn(list), list.length, index);

  it('follows its item within the section', () => {
    expect(after(3, 2, ['a', 'b', 'q', 'p', 'r'])).toEqual({ index: 2, same: true });
    expect(after(3, 2, before)).toEqual({ index: 3, same: true });
  });

  it('goes on to the next item when its own was settled or moved to another section', () => {
    expect(after(3, 2, ['a', 'b', 'p', 'r'])).toEqual({ index: 3, same: false });
    expect(after(3, 3, ['a', 'b', 'q', 'p', 'r'])).toEqual({ index: 4, same: false });
  });

  it('goes back to the one before at the end of a section, and stays inside a shorter list', () => {
    expect(after(4, 3, ['a', 'b', 'r', 'p', 'q'])).toEqual({ index: 4, same: false });
    expect(after(4, 2, ['a', 'b', 'p', 'q'])).toEqual({ index: 3, same: false });
    expect(after(4, 1, ['x'])).toEqual({ index: 0, same: false });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanName,
  initialOption,
  matchesFilter,
  nameOptions,
} from '../../renderer/logic/completion.ts';
import { ageAt, byAge } from '../../renderer/logic/ages.ts';
import { Band, between } from '../../renderer/logic/band.ts';
import {
  everything,
  formatQuery,
  parseQuery,
  peopleOf,
  roles,
  withPerson,
} from '../../renderer/logic/search.ts';
import { boxBetween, clipped, firstBox, grown, moved } from '../../renderer/logic/draw.ts';
import { hasExceptions, mergedQueue, outcomeOf } from '../../renderer/logic/review.ts';
import { coalesce } from '../../renderer/logic/coalesce.ts';
import { Expectation } from '../../renderer/logic/expectation.ts';
import { bytes, duration, fileName, takenAt } from '../../renderer/logic/format.ts';
import { neighboursIn, photosOf } from '../../renderer/logic/neighbours.ts';
import { formatRoute, parseRoute, type Route } from '../../renderer/logic/routes.ts';
import {
  emptySelection,
  extendTo,
  prune,
  selectAll,
  toggle,
} from '../../renderer/logic/selection.ts';
import { groupTiles, personTiles } from '../../renderer/logic/tiles.ts';
import { fitted, place, reveal, settle, zoomAt } from '../../renderer/logic/zoom.ts';

const candidate = (personId: number, name: string, faceCount = 1) => ({
  personId,
  name,
  faceCount,
  coverFaceId: null,
});

describe('completion of names', () => {
  const persons = [
    candidate(1, 'Anna', 5),
    candidate(2, 'Annika', 50),
    candidate(3, 'José Anders', 9),
    candidate(4, 'Ben', 70),
    candidate(5, 'Hanna', 80),
  ];
  const names = (typed: string, suggested: number | null = null) =>
    nameOptions(typed, persons, suggested).map((option) =>
      option.kind === 'person' ? option.candidate.name : `+${option.name}`,
    );

  it('offers names that begin so before words that do, and a new person last', () => {
    expect(names('an')).toEqual(['Annika', 'Anna', 'José Anders', '+an']);
  });

  it('finds letters inside a name only from the third letter on', () => {
    expect(names('ann')).toEqual(['Annika', 'Anna', 'Hanna', '+ann']);
  });

  it('takes no notice of case and accents, and offers no second person of the same name', () => {
    expect(names('JOSE ANDERS')).toEqual(['José Anders']);
    expect(names('  anna ')[0]).toBe('Anna');
    expect(names('anna')).not.toContain('+anna');
  });

  it('puts the suggested person first while they match, and an exact name before all', () => {
    expect(names('', 4)[0]).toBe('Ben');
    expect(names('ann', 1)[0]).toBe('Anna');
    expect(names('annika', 1)[0]).toBe('Annika');
    expect(names('x', 4)).toEqual(['+x']);
  });

  it('never names a stranger when Enter is pressed in an empty field', () => {
    expect(initialOption(nameOptions('', persons, null), '')).toBe(-1);
    expect(initialOption(nameOptions('  ', persons, null), '  ')).toBe(-1);
    expect(initialOption(nameOptions('', persons, 4), '')).toBe(0);
    expect(initialOption(nameOptions('an', persons, null), 'an')).toBe(0);
    expect(initialOption([], 'an')).toBe(-1);
  });

  it('always offers what was typed, as a person or as a new one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (typed) => {
        fc.pre(cleanName(typed) !== '' && /\p{L}/u.test(typed));
        const options = nameOptions(typed, persons, null);
        expect(options.length).toBeGreaterThan(0);
      }),
    );
  });

  it('filters by the start of words and, failing that, by letters inside', () => {
    expect(matchesFilter('José Anders', 'and')).toBe(true);
    expect(matchesFilter('Ben', 'en')).toBe(true);
    expect(matchesFilter('Ben', 'an')).toBe(false);
    expect(matchesFilter('Ben', ' ')).toBe(true);
  });
});

describe('selection', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];

  it('draws ranges from the anchor in both directions and redraws them', () => {
    const from = toggle(emptySelection, 'c');
    expect([...extendTo(from, 'e', order).keys]).toEqual(['c', 'd', 'e']);
    const back = extendTo(extendTo(from, 'e', order), 'b', order);
    expect(new Set(back.keys)).toEqual(new Set(['b', 'c']));
  });

  it('keeps what was chosen before a range', () => {
    const both = toggle(toggle(emptySelection, 'a'), 'c');
    expect(new Set(extendTo(both, 'd', order).keys)).toEqual(new Set(['a', 'c', 'd']));
  });

  it('begins at the item itself where there is no anchor', () => {
    expect([...extendTo(emptySelection, 'd', order).keys]).toEqual(['d']);
    expect(extendTo(toggle(emptySelection, 'a'), 'gone', order).keys).toEqual(new Set(['a']));
  });

  it('forgets what has left the list, also as anchor', () => {
    const chosen = selectAll(order);
    const left = prune(chosen, new Set(['b', 'c']));
    expect(new Set(left.keys)).toEqual(new Set(['b', 'c']));
    expect(left.anchor).toBeNull();
    expect(prune(left, new Set(order))).toBe(left);
  });

  it('toggling twice changes nothing', () => {
    fc.assert(
      fc.property(fc.subarray(order), fc.constantFrom(...order), (chosen, key) => {
        const start = chosen.reduce(toggle, emptySelection);
        expect(toggle(toggle(start, key), key).keys).toEqual(start.keys);
      }),
    );
  });
});

describe('addresses', () => {
  const id = fc.integer({ min: 1, max: 1_000_000_000 });
  const tab = fc.constantFrom('faces' as const, 'photos' as const);
  const source = fc.oneof(
    fc.constant({ kind: 'all' as const }),
    id.map((personId) => ({ kind: 'person' as const, personId })),
    id.map((clusterId) => ({ kind: 'group' as const, clusterId })),
  );
  const route: fc.Arbitrary<Route> = fc.oneof(
    fc
      .constantFrom('people' as const, 'photos' as const, 'scan' as const, 'settings' as const)
      .map((view) => ({ view })),
    fc.record({ view: fc.constant('person' as const), personId: id, tab }),
    fc.record({ view: fc.constant('group' as const), clusterId: id, tab }),
    fc.record({
      view: fc.constant('photo' as const),
      photoId: id,
      source,
      position: fc.option(fc.nat(), { nil: null }),
    }),
    fc.record({
      view: fc.constant('aside' as const),
      state: fc.constantFrom('ignored' as const, 'not-a-face' as const),
    }),
  );

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(route, (value) => {
        expect(parseRoute(formatRoute(value))).toEqual(value);
      }),
    );
  });

  it('lead to People when they make no sense', () => {
    for (const hash of [
      '',
      '#',
      '#/nowhere',
      '#/person/0',
      '#/person/-3',
      '#/photo/x',
      '#/group/1e3',
    ]) {
      expect(parseRoute(hash)).toEqual({ view: 'people' });
    }
    fc.assert(fc.property(fc.string(), (hash) => void formatRoute(parseRoute(hash))));
  });
});

describe('the people grid', () => {
  const person = (personId: number, name: string, confirmedCount: number) => ({
    personId,
    name,
    coverFaceId: 1,
    hidden: false,
    birthDate: null,
    confirmedCount,
    suggestedCount: 0,
    photoCount: 1,
  });
  const list = [person(1, 'Zoë', 9), person(2, 'Anna', 2), person(3, 'Émile', 30)];
  const names = (sort: 'name' | 'count', filter = '') =>
    personTiles(list, sort, filter).map((tile) => (tile.kind === 'person' ? tile.person.name : ''));

  it('sorts by name as people do, or by count', () => {
    expect(names('name')).toEqual(['Anna', 'Émile', 'Zoë']);
    expect(names('count')).toEqual(['Émile', 'Zoë', 'Anna']);
    expect(names('name', 'emi')).toEqual(['Émile']);
  });

  it('keeps of the groups those that resemble somebody of that name', () => {
    const suggestion = { personId: 2, name: 'Anna', probability: 0.6 };
    const groups = [
      { clusterId: 1, faceCount: 4, coverFaceId: 1, suggestion: null },
      { clusterId: 2, faceCount: 3, coverFaceId: 2, suggestion },
    ];
    expect(groupTiles(groups, '').map((tile) => tile.key)).toEqual(['group-1', 'group-2']);
    expect(groupTiles(groups, 'ann').map((tile) => tile.key)).toEqual(['group-2']);
  });
});

describe('photos in a row', () => {
  it('come once each, in the order of their faces', () => {
    expect(photosOf([{ photoId: 4 }, { photoId: 2 }, { photoId: 4 }])).toEqual([4, 2]);
  });

  it('know their neighbours, and none outside the list', () => {
    expect(neighboursIn([4, 2, 9], 2)).toEqual({ previous: 4, next: 9, position: 1, total: 3 });
    expect(neighboursIn([4, 2, 9], 4).previous).toBeNull();
    expect(neighboursIn([4, 2, 9], 7)).toEqual({
      previous: null,
      next: null,
      position: -1,
      total: 3,
    });
  });
});

describe('zoom', () => {
  const photo = { width: 4000, height: 3000 };
  const stage = { width: 1000, height: 700 };

  it('shows the whole picture in the middle at first', () => {
    const at = place(photo, stage, fitted);
    expect(at.width / at.height).toBeCloseTo(4 / 3);
    expect(at.left).toBeCloseTo((1000 - at.width) / 2);
    expect(at.top).toBeGreaterThanOrEqual(0);
    expect(at.height).toBeLessThanOrEqual(700);
  });

  it('keeps the point under the pointer where there is room, and leaves no gap', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 700 }),
        (factor, x, y) => {
          const first = zoomAt(photo, stage, fitted, 3, { x: 500, y: 350 });
          const next = zoomAt(photo, stage, first, factor, { x, y });
          expect(settle(photo, stage, next)).toEqual(next);
          const at = place(photo, stage, next);
          if (at.width >= stage.width) {
            expect(at.left).toBeLessThanOrEqual(1e-6);
            expect(at.left + at.width).toBeGreaterThanOrEqual(stage.width - 1e-6);
          }
        },
      ),
    );
    const before = place(photo, stage, fitted);
    const after = place(photo, stage, zoomAt(photo, stage, fitted, 4, { x: 480, y: 350 }));
    const share = (at: { left: number; width: number }) => (480 - at.left) / at.width;
    expect(share(after)).toBeCloseTo(share(before));
  });

  it('brings a face into view that lies outside, and leaves alone what is seen', () => {
    const close = zoomAt(photo, stage, fitted, 6, { x: 0, y: 0 });
    const box = { x: 0.8, y: 0.7, width: 0.05, height: 0.08 };
    const seen = reveal(box, photo, stage, close);
    const at = place(photo, stage, seen);
    expect(at.left + box.x * at.width).toBeGreaterThanOrEqual(0);
    expect(at.left + (box.x + box.width) * at.width).toBeLessThanOrEqual(stage.width);
    expect(at.top + (box.y + box.height) * at.height).toBeLessThanOrEqual(stage.height);
    expect(reveal(box, photo, stage, seen)).toBe(seen);
  });

  it('does not go below the whole picture', () => {
    expect(zoomAt(photo, stage, fitted, 0.1, { x: 0, y: 0 })).toEqual(fitted);
  });
});

describe('words for figures', () => {
  it('says durations, sizes and names as people do', () => {
    expect([0.2, 59, 60, 3599, 11_100].map(duration)).toEqual([
      '1 s',
      '59 s',
      '1 min',
      '1 h',
      '3 h 5 min',
    ]);
    expect(bytes(2_411_724)).toBe('2.4 MB');
    expect(fileName('C:\\Photos\\Summer\\')).toBe('Summer');
    expect(fileName('/a/b.jpg')).toBe('b.jpg');
  });

  it('keeps the hour that the camera wrote, in every time zone', () => {
    expect(takenAt('2019-07-14T16:20:05')).toMatch(/^July 14, 2019 at 4:20.PM$/u);
    expect(takenAt('0000:00:00')).toBeNull();
    expect(takenAt(null)).toBeNull();
  });
});

describe('what is expected of an action', () => {
  it('holds until a reload that began after the answer has ended', () => {
    let shown: ReadonlyMap<string, string> = new Map();
    const expectation = new Expectation<string, string>((entries) => (shown = entries));
    const stale = expectation.reloading();
    expectation.expect(['a', 'b'], 'gone');
    expectation.reloaded(stale);
    expect([...shown.keys()]).toEqual(['a', 'b']);
    const early = expectation.reloading();
    expectation.answered(['a']);
    expectation.reloaded(early);
    expect([...shown.keys()]).toEqual(['a', 'b']);
    expectation.reloaded(expectation.reloading());
    expect([...shown.keys()]).toEqual(['b']);
    expectation.answered(['b']);
    expectation.expect(['b'], 'confirmed');
    expectation.reloaded(expectation.reloading());
    expect(shown).toEqual(new Map([['b', 'confirmed']]));
  });
});

describe('reloading', () => {
  it('never runs twice at once, and once more for all that came meanwhile', async () => {
    let running = 0;
    let runs = 0;
    let release: () => void = () => undefined;
    let settled: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (settled = resolve));
    const run = coalesce(async () => {
      expect(++running).toBe(1);
      runs++;
      if (runs === 1) await new Promise<void>((resolve) => (release = resolve));
      running--;
      if (runs === 2) settled();
    }, 0);
    run();
    run();
    run();
    release();
    await finished;
    expect(runs).toBe(2);
  });
});

describe('ages', () => {
  it('count whole years, and none before birth', () => {
    expect(ageAt('2011-05-30', '2012-05-29T10:00:00')).toBe(0);
    expect(ageAt('2011-05-30', '2012-05-30T00:00:00')).toBe(1);
    expect(ageAt('2011-05-30', '2011-05-29T23:59:59')).toBeNull();
    expect(ageAt('2011-05-30', null)).toBeNull();
    expect(ageAt('2012-02-29', '2013-02-28T10:00:00')).toBe(0);
    expect(ageAt('2012-02-29', '2013-03-01T10:00:00')).toBe(1);
  });

  it('put faces in order from the youngest, those of no known age last', () => {
    const face = (faceId: number, takenAt: string | null) => ({
      faceId,
      photoId: faceId,
      state: 'confirmed' as const,
      personId: 1,
      clusterId: null,
      takenAt,
      quality: 1,
    });
    const faces = [
      face(1, '2015-01-01T00:00:00'),
      face(2, null),
      face(3, '2012-01-01T00:00:00'),
      face(4, '2015-12-01T00:00:00'),
    ];
    const told = (eras: ReturnType<typeof byAge>) =>
      eras.map((era) => [era.value, era.faces.map(({ faceId }) => faceId)]);
    expect(told(byAge(faces, '2011-06-01'))).toEqual([
      [0, [3]],
      [3, [1]],
      [4, [4]],
      [null, [2]],
    ]);
  });
});

describe('a rectangle over a grid', () => {
  it('chooses what it touches, adds to what was chosen, and remembers what scrolled away', () => {
    const band = new Band(['z']);
    band.see('a', { left: 0, top: 0, width: 10, height: 10 });
    band.see('b', { left: 20, top: 0, width: 10, height: 10 });
    band.see('c', { left: 0, top: 500, width: 10, height: 10 });
    const box = (x: number, y: number) => between({ x: 5, y: 5 }, { x, y });
    expect(band.chosen(box(8, 8))).toEqual(new Set(['z', 'a']));
    expect(band.chosen(box(21, -3))).toEqual(new Set(['z', 'a', 'b']));
    expect(band.chosen(box(6, 600))).toEqual(new Set(['z', 'a', 'c']));
    expect(band.chosen(between({ x: 11, y: 0 }, { x: 19, y: 9 }))).toEqual(new Set(['z']));
  });
});

describe('a search', () => {
  const person = fc.integer({ min: 1, max: 60 });

  it('is read back from an address as it was written, each person in one role', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(person, fc.constantFrom(...roles)), { maxLength: 12 }),
        fc.constantFrom('any' as const, 'alone' as const, 'together' as const),
        fc.option(fc.integer({ min: 1800, max: 2199 })),
        fc.option(person),
        (asked, company, fromYear, folderId) => {
          let query = { ...everything, company, fromYear, folderId };
          for (const [personId, role] of asked) query = withPerson(query, personId, role);
          expect(parseQuery(formatQuery(query))).toEqual(query);
          const people = peopleOf(query).map(({ personId }) => personId);
          expect(new Set(people)).toEqual(new Set(asked.map(([personId]) => personId)));
          expect(people).toHaveLength(new Set(people).size);
          const source = { kind: 'search', query } as const;
          const route = { view: 'photo', photoId: 7, source, position: 3 } as const;
          expect(parseRoute(formatRoute(route))).toEqual(route);
          const view = { view: 'search', query } as const;
          expect(parseRoute(formatRoute(view))).toEqual(view);
        },
      ),
    );
  });

  it('leaves out what makes no sense', () => {
    expect(parseQuery('all=0.x.-3&any=&company=crowd&from=17&folder=no')).toEqual(everything);
    expect(parseQuery('all=4&none=4.5')).toMatchObject({ all: [4], none: [5] });
  });
});

describe('a box drawn on a photo', () => {
  it('begins as a square in the middle', () => {
    expect(firstBox(2000, 1000)).toEqual({ x: 0.45, y: 0.4, width: 0.1, height: 0.2 });
  });

  it('stays in the photo whatever is done to it', () => {
    const spot = fc.record({
      x: fc.double({ min: -1, max: 2, noNaN: true }),
      y: fc.double({ min: -1, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(spot, spot, spot, (a, b, by) => {
        const box = boxBetween(a, b);
        for (const one of [box, moved(box, by), grown(box, by), clipped({ ...box, x: -0.2 })]) {
          expect(Math.min(one.x, one.y, one.width, one.height)).toBeGreaterThanOrEqual(0);
          expect(one.x + one.width).toBeLessThanOrEqual(1 + 1e-9);
          expect(one.y + one.height).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(moved(box, by).width).toBe(box.width);
      }),
    );
  });

  it('grows around its middle where there is room', () => {
    const box = { x: 0.4, y: 0.4, width: 0.2, height: 0.1 };
    expect(grown(box, { x: 0.1, y: 0 }).x).toBeCloseTo(0.3);
    expect(grown(box, { x: 0.1, y: 0 }).width).toBeCloseTo(0.4);
  });
});

describe('answers to questions', () => {
  const person = { personId: 3, name: 'Anna', faceIds: [90] };
  const isPerson = {
    kind: 'is-person' as const,
    key: 'a',
    faceCount: 3,
    clusterId: 7,
    faceIds: [1, 2, 3],
    person,
    probability: 0.8,
  };
  const who = {
    kind: 'who' as const,
    key: 'w',
    faceCount: 9,
    clusterId: 7,
    faceIds: [1, 2],
    suggestedPersonId: null,
  };
  const same = {
    kind: 'same' as const,
    key: 's',
    faceCount: 4,
    persons: [person, { ...person, personId: 4 }] as [typeof person, typeof person],
    probability: 0.7,
  };
  const split = {
    kind: 'split' as const,
    key: 't',
    faceCount: 5,
    clusterId: 7,
    faceIds: [1, 2],
    otherFaceIds: [3, 4, 5],
  };
  const none = new Set<number>();
  const request = (...args: Parameters<typeof outcomeOf>) => {
    const outcome = outcomeOf(...args);
    return outcome?.kind === 'label' ? outcome.request : (outcome?.kind ?? null);
  };

  it('confirm what is left and reject what was picked out, as one action', () => {
    const yes = { kind: 'yes' } as const;
    expect(request(isPerson, yes, none)).toEqual({
      type: 'confirm',
      faceIds: [1, 2, 3],
      personId: 3,
    });
    expect(request(isPerson, yes, new Set([2]))).toEqual({
      type: 'several',
      actions: [
        { type: 'confirm', faceIds: [1, 3], personId: 3 },
        { type: 'reject', faceIds: [2], personId: 3 },
      ],
    });
    const all = new Set([1, 2, 3]);
    expect(request(isPerson, yes, all)).toMatchObject({ type: 'reject', faceIds: [1, 2, 3] });
    expect(request(isPerson, { kind: 'no' }, none)).toMatchObject({ type: 'reject' });
  });

  it('name whole groups, or all but what was picked out, also of what is not shown', () => {
    const name = { kind: 'name', name: 'Zoe' } as const;
    expect(request(who, name, none)).toEqual({ type: 'name', clusterId: 7, name: 'Zoe' });
    expect(request(who, name, new Set([2]), [1, 2, 5, 6])).toEqual({
      type: 'several',
      actions: [
        { type: 'name', faceIds: [1, 5, 6], name: 'Zoe' },
        { type: 'split', faceIds: [2] },
      ],
    });
    expect(request(isPerson, name, none)).toEqual({
      type: 'name',
      faceIds: [1, 2, 3],
      name: 'Zoe',
    });
    expect(request(who, { kind: 'ignore' }, none, [1, 2, 5])).toMatchObject({ faceIds: [1, 2, 5] });
    expect(request(who, { kind: 'yes' }, none)).toBeNull();
  });

  it('merge, or are put off', () => {
    expect(request(same, { kind: 'yes' }, none)).toEqual({ type: 'merge', personIds: [3, 4] });
    for (const kind of ['no', 'unsure'] as const) {
      expect(request(same, { kind }, none)).toBe('put-off');
    }
    expect(request(same, { kind: 'name', name: 'Zoe' }, none)).toBeNull();
    expect(request(same, { kind: 'skip' }, none)).toBe('skip');
    expect([isPerson, who, same].map(hasExceptions)).toEqual([true, true, false]);
  });

  it('split a group, or keep it', () => {
    expect(request(split, { kind: 'yes' }, none)).toEqual({ type: 'split', faceIds: [1, 2] });
    expect(request(split, { kind: 'no' }, none)).toBe('put-off');
    expect(request(split, { kind: 'ignore' }, none)).toBeNull();
    expect(hasExceptions(split)).toBe(false);
  });

  it('leave the question on screen as it is, bring none back, and those skipped last', () => {
    const keys = (...args: Parameters<typeof mergedQueue>) =>
      mergedQueue(...args).map(({ key }) => key);
    expect(keys(isPerson, [who, same], [], [])).toEqual(['a', 'w', 's']);
    const changed = { ...isPerson, faceIds: [9] };
    expect(mergedQueue(isPerson, [changed], [], [])).toEqual([isPerson]);
    expect(keys(isPerson, [who, changed, same], ['w'], [])).toEqual(['a', 's']);
    expect(keys(undefined, [who, same], [], ['w'])).toEqual(['s', 'w']);
  });
});

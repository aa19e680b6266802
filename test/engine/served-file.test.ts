import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesTag, parseRange, quoteTag } from '../../electron/engine/served-file.ts';

describe('parseRange', () => {
  it('takes the bytes that a slice would', () => {
    const bytes = fc.nat({ max: 60 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        bytes,
        fc.constantFrom('both', 'from', 'suffix'),
        (size, a, b, form) => {
          const body = Array.from({ length: size }, (_, index) => index);
          const [header, expected] =
            form === 'both'
              ? [`bytes=${a}-${a + b}`, body.slice(a, a + b + 1)]
              : form === 'from'
                ? [`bytes=${a}-`, body.slice(a)]
                : [`bytes=-${a}`, a === 0 ? [] : body.slice(-a)];
          const range = parseRange(header, size);
          if (expected.length === 0) expect(range).toBe('unsatisfiable');
          else expect(range).toEqual({ first: expected[0], last: expected.at(-1) });
        },
      ),
    );
  });

  it('never reaches outside the body, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(1000), (text, size) => {
        for (const header of [text, `bytes=${text}`, `bytes=${text}-`, `bytes=-${text}`]) {
          const range = parseRange(header, size);
          if (range === null || range === 'unsatisfiable') continue;
          expect(range.first).toBeGreaterThanOrEqual(0);
          expect(range.last).toBeGreaterThanOrEqual(range.first);
          expect(range.last).toBeLessThan(size);
        }
      }),
    );
  });
});

describe('entity tags', () => {
  it('are quoted so that a header can carry them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const tag = quoteTag(text);
        expect(() => new Headers({ ETag: tag })).not.toThrow();
        expect(tag).toMatch(/^"[^"]*"$/);
      }),
    );
  });

  it('match weakly, in lists, and by a star', () => {
    expect(matchesTag('"a"', '"a"')).toBe(true);
    expect(matchesTag('W/"a"', '"a"')).toBe(true);
    expect(matchesTag('"b", W/"a"', '"a"')).toBe(true);
    expect(matchesTag('*', '"a"')).toBe(true);
    expect(matchesTag(null, '"a"')).toBe(false);
    expect(matchesTag('', '"a"')).toBe(false);
    expect(matchesTag('"aa"', '"a"')).toBe(false);
    expect(matchesTag('a', '"a"')).toBe(false);
  });
});

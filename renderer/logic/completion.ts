/** A person as a name field may offer them. */
export interface Candidate {
  readonly personId: number;
  readonly name: string;
  readonly faceCount: number;
  readonly coverFaceId: number | null;
}

export type NameOption =
  | { readonly kind: 'person'; readonly candidate: Candidate; readonly suggested: boolean }
  | { readonly kind: 'new'; readonly name: string };

/** Letters only, without case and accents: "José" and "jose" are typed alike. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The name as it will be stored. */
export function cleanName(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

const none = 0;
const inside = 1;
const wordStart = 2;
const nameStart = 3;
const exact = 4;

/** How well `name` answers what was typed; 0 does not. */
function matchRank(name: string, typed: string): number {
  const folded = foldName(name);
  if (folded === typed) return exact;
  if (folded.startsWith(typed)) return nameStart;
  if (folded.includes(` ${typed}`) || folded.includes(`-${typed}`)) return wordStart;
  return typed.length > 2 && folded.includes(typed) ? inside : none;
}

/**
 * What a name field offers, best first: the suggested person, names that begin with what was
 * typed, names with a word that does, then a new person of that name unless somebody has it
 * already. With nothing typed only the suggestion and the people named most are offered.
 *
 * @param limit persons offered at most
 */
export function nameOptions(
  typed: string,
  candidates: readonly Candidate[],
  suggestedPersonId: number | null,
  limit = 6,
): NameOption[] {
  const text = foldName(typed);
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      suggested: candidate.personId === suggestedPersonId,
      rank: text === '' ? nameStart : matchRank(candidate.name, text),
    }))
    .filter((entry) => entry.rank > none)
    .sort(
      (a, b) =>
        Number(b.rank === exact) - Number(a.rank === exact) ||
        Number(b.suggested) - Number(a.suggested) ||
        b.rank - a.rank ||
        b.candidate.faceCount - a.candidate.faceCount ||
        a.candidate.name.localeCompare(b.candidate.name),
    );
  const options: NameOption[] = ranked
    .slice(0, limit)
    .map(({ candidate, suggested }) => ({ kind: 'person', candidate, suggested }));
  const taken = ranked.some((entry) => entry.rank === exact);
  if (text !== '' && !taken) options.push({ kind: 'new', name: cleanName(typed) });
  return options;
}

/**
 * The option that Enter takes before the user moves: with nothing typed the suggestion only, so
 * that Enter in an empty field never names a stranger.
 */
export function initialOption(options: readonly NameOption[], typed: string): number {
  const first = options[0];
  if (!first) return -1;
  if (foldName(typed) !== '') return 0;
  return first.kind === 'person' && first.suggested ? 0 : -1;
}

/** Whether a name answers what was typed into a filter box. */
export function matchesFilter(name: string, filter: string): boolean {
  const text = foldName(filter);
  return text === '' || matchRank(name, text) > none || foldName(name).includes(text);
}

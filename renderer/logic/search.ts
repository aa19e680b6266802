import type { PhotoQuery } from '../../electron/contract/entities.ts';

export const everything: PhotoQuery = {
  all: [],
  any: [],
  none: [],
  company: 'any',
  fromYear: null,
  toYear: null,
  folderId: null,
};

/** How a person is asked for: and, or, not. */
export const roles = ['all', 'any', 'none'] as const;
export type Role = (typeof roles)[number];

export interface Asked {
  readonly personId: number;
  readonly role: Role;
}

/** The people of a query, in the order of their roles. */
export function peopleOf(query: PhotoQuery): Asked[] {
  return roles.flatMap((role) => query[role].map((personId) => ({ personId, role })));
}

/** The query with a person in another role, or without them. */
export function withPerson(query: PhotoQuery, personId: number, role: Role | null): PhotoQuery {
  const others = (list: readonly number[]) => list.filter((id) => id !== personId);
  const next = {
    ...query,
    all: others(query.all),
    any: others(query.any),
    none: others(query.none),
  };
  return role === null ? next : { ...next, [role]: [...next[role], personId] };
}

export function nextRole(role: Role): Role {
  return roles[(roles.indexOf(role) + 1) % roles.length] ?? 'all';
}

/** As it stands in an address; `parseQuery` reads it back. */
export function formatQuery(query: PhotoQuery): string {
  const parts = new URLSearchParams();
  for (const role of roles) if (query[role].length > 0) parts.set(role, query[role].join('.'));
  if (query.company !== 'any') parts.set('company', query.company);
  if (query.fromYear !== null) parts.set('from', String(query.fromYear));
  if (query.toYear !== null) parts.set('to', String(query.toYear));
  if (query.folderId !== null) parts.set('folder', String(query.folderId));
  return parts.toString();
}

/** Reads an address; what makes no sense is left out. */
export function parseQuery(text: string | URLSearchParams): PhotoQuery {
  const parts = new URLSearchParams(text);
  const number = (name: string) => positive(parts.get(name) ?? '');
  const year = (name: string) => {
    const value = number(name);
    return value !== null && value >= 1800 && value <= 2199 ? value : null;
  };
  const seen = new Set<number>();
  const people = (role: Role) =>
    (parts.get(role) ?? '').split('.').flatMap((part) => {
      const id = positive(part);
      if (id === null || seen.has(id) || seen.size >= 50) return [];
      seen.add(id);
      return [id];
    });
  const company = parts.get('company');
  return {
    all: people('all'),
    any: people('any'),
    none: people('none'),
    company: company === 'alone' || company === 'together' ? company : 'any',
    fromYear: year('from'),
    toYear: year('to'),
    folderId: number('folder'),
  };
}

function positive(text: string): number | null {
  return /^[1-9]\d{0,14}$/u.test(text) ? Number(text) : null;
}

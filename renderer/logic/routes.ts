import type { PhotoQuery } from '../../electron/contract/entities.ts';
import { formatQuery, parseQuery } from './search.ts';

/** The list a photo was opened from, so that previous and next follow that list. */
export type PhotoSource =
  | { readonly kind: 'all' }
  | { readonly kind: 'search'; readonly query: PhotoQuery }
  | { readonly kind: 'person'; readonly personId: number }
  | { readonly kind: 'group'; readonly clusterId: number };

/** `ages` and `together` are for people alone, not for groups. */
export const identityTabs = ['faces', 'ages', 'photos', 'together'] as const;
export type IdentityTab = (typeof identityTabs)[number];
/** The places for faces that are set aside; the first is where one arrives. */
export const asideStates = ['ignored', 'not-a-face', 'unclear'] as const;
export type AsideState = (typeof asideStates)[number];

export type Route =
  | { readonly view: 'people' }
  | { readonly view: 'person'; readonly personId: number; readonly tab: IdentityTab }
  | { readonly view: 'group'; readonly clusterId: number; readonly tab: IdentityTab }
  | { readonly view: 'photos' }
  | {
      readonly view: 'photo';
      readonly photoId: number;
      readonly source: PhotoSource;
      /** Where in a long list the photo was seen. */
      readonly position: number | null;
    }
  | { readonly view: 'aside'; readonly state: AsideState }
  | { readonly view: 'search'; readonly query: PhotoQuery }
  | { readonly view: 'review' }
  | { readonly view: 'history' }
  | { readonly view: 'scan' }
  | { readonly view: 'learning' }
  | { readonly view: 'map' }
  | { readonly view: 'identify' }
  | {
      readonly view: 'compare';
      /** Up to two faces of the library. */
      readonly faceIds: readonly number[];
    }
  | { readonly view: 'settings' };

const home: Route = { view: 'people' };

function positive(text: string | null | undefined): number | null {
  return text && /^[1-9]\d{0,14}$/u.test(text) ? Number(text) : null;
}

function parseSource(text: string | null): PhotoSource {
  if (text?.startsWith('search-')) return { kind: 'search', query: parseQuery(text.slice(7)) };
  const [kind, number] = (text ?? '').split('-');
  const id = positive(number);
  if (kind === 'person' && id !== null) return { kind, personId: id };
  if (kind === 'group' && id !== null) return { kind, clusterId: id };
  return { kind: 'all' };
}

export function formatSource(source: PhotoSource): string {
  if (source.kind === 'person') return `person-${String(source.personId)}`;
  if (source.kind === 'group') return `group-${String(source.clusterId)}`;
  if (source.kind === 'search') return `search-${formatQuery(source.query)}`;
  return 'all';
}

/** Reads the part of the address after `#`; anything unknown leads to People. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/u, '').split('?');
  const [, view, number] = path.split('/');
  const parameters = new URLSearchParams(query);
  const id = positive(number);
  const tab = identityTabs.find((one) => one === parameters.get('tab')) ?? 'faces';
  switch (view) {
    case 'person':
      return id === null ? home : { view, personId: id, tab };
    case 'group':
      return id === null ? home : { view, clusterId: id, tab };
    case 'photo': {
      if (id === null) return home;
      const at = parameters.get('at');
      const position = at === '0' ? 0 : positive(at);
      return { view, photoId: id, source: parseSource(parameters.get('in')), position };
    }
    case 'aside':
      return { view, state: asideStates.find((state) => state === number) ?? 'ignored' };
    case 'search':
      return { view, query: parseQuery(parameters) };
    case 'compare': {
      const numbers = (parameters.get('faces') ?? '').split('.').map(positive);
      return { view, faceIds: numbers.filter((faceId) => faceId !== null).slice(0, 2) };
    }
    case 'photos':
    case 'review':
    case 'history':
    case 'scan':
    case 'learning':
    case 'map':
    case 'identify':
    case 'settings':
      return { view };
    default:
      return home;
  }
}

/** The address of a route, beginning with `#`; `parseRoute` reads it back. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'person':
    case 'group': {
      const id = route.view === 'person' ? route.personId : route.clusterId;
      return `#/${route.view}/${String(id)}${route.tab === 'faces' ? '' : `?tab=${route.tab}`}`;
    }
    case 'photo': {
      const at = route.position === null ? '' : `&at=${String(route.position)}`;
      return `#/photo/${String(route.photoId)}?in=${encodeURIComponent(formatSource(route.source))}${at}`;
    }
    case 'search': {
      const query = formatQuery(route.query);
      return `#/search${query === '' ? '' : `?${query}`}`;
    }
    case 'compare':
      return `#/compare${route.faceIds.length === 0 ? '' : `?faces=${route.faceIds.join('.')}`}`;
    case 'aside':
      return `#/aside/${route.state}`;
    default:
      return `#/${route.view}`;
  }
}

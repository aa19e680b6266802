import { formatRoute, parseRoute, type Route } from '../logic/routes.ts';

interface Stamp {
  /** How many steps back lie inside the app. */
  readonly depth: number;
}

/** Keeps the view in the address, so that back, forward and reload work. */
class Router {
  route = $state.raw<Route>(parseRoute(location.hash));
  /** How the current view was reached; a view that is come back to restores its place. */
  arrival = $state.raw<'forward' | 'back'>('forward');
  #depth = (history.state as Stamp | null)?.depth ?? 0;

  start(): () => void {
    const follow = () => {
      const depth = (history.state as Stamp | null)?.depth ?? 0;
      this.arrival = depth < this.#depth ? 'back' : 'forward';
      this.#depth = depth;
      this.route = parseRoute(location.hash);
    };
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }

  go(route: Route): void {
    const address = formatRoute(route);
    if (address === formatRoute(this.route)) return;
    this.#depth++;
    history.pushState({ depth: this.#depth } satisfies Stamp, '', address);
    this.arrival = 'forward';
    this.route = route;
  }

  /** Another address for the same place: back skips it. */
  replace(route: Route): void {
    history.replaceState({ depth: this.#depth } satisfies Stamp, '', formatRoute(route));
    this.route = route;
  }

  /** One step back, or to `fallback` where the app was entered here. */
  back(fallback: Route): void {
    if (this.#depth > 0) history.back();
    else this.replace(fallback);
  }
}

export const router = new Router();

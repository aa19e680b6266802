import { formatRoute, parseRoute, type Route } from '../logic/routes.ts';

interface Stamp {
  /** How many steps back lie inside the app. */
  readonly depth: number;
}

/**
 * Keeps the view in the address, so that back, forward and reload work. The browser takes a while to
 * go back; the view is there at once, and what is asked for meanwhile follows.
 */
class Router {
  route = $state.raw<Route>(parseRoute(location.hash));
  /** How the current view was reached; a view that is come back to restores its place. */
  arrival = $state.raw<'forward' | 'back'>('forward');
  #depth = (history.state as Stamp | null)?.depth ?? 0;
  /** By depth, as far as they were seen since the app was loaded. */
  readonly #routes: Route[] = [];
  #goingBack = false;
  /** Changes of the browser's history that wait until it went back. */
  readonly #waiting: (() => void)[] = [];

  start(): () => void {
    const follow = () => {
      const asked = this.#goingBack;
      this.#goingBack = false;
      if (this.#waiting.length === 0) {
        const depth = (history.state as Stamp | null)?.depth ?? 0;
        const back = asked || depth < this.#depth;
        this.#show(parseRoute(location.hash), depth, back ? 'back' : 'forward');
      }
      while (!this.#goingBack && this.#waiting.length > 0) this.#waiting.shift()!();
    };
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }

  go(route: Route): void {
    const address = formatRoute(route);
    if (address === formatRoute(this.route)) return;
    const depth = this.#depth + 1;
    this.#routes[this.#depth] = this.route;
    this.#change(() => history.pushState({ depth } satisfies Stamp, '', address));
    this.#show(route, depth, 'forward');
  }

  /** Another address for the same place: back skips it. */
  replace(route: Route): void {
    const depth = this.#depth;
    this.#change(() => history.replaceState({ depth } satisfies Stamp, '', formatRoute(route)));
    this.#show(route, depth, this.arrival);
  }

  /** One step back, or to `fallback` where the app was entered here. */
  back(fallback: Route): void {
    if (this.#depth === 0) return this.replace(fallback);
    this.#change(() => {
      this.#goingBack = true;
      history.back();
    });
    const depth = this.#depth - 1;
    this.#show(this.#routes[depth] ?? this.route, depth, 'back');
  }

  #show(route: Route, depth: number, arrival: 'forward' | 'back'): void {
    this.#routes[depth] = route;
    this.#depth = depth;
    this.arrival = arrival;
    // The same view is not made anew.
    if (formatRoute(route) !== formatRoute(this.route)) this.route = route;
  }

  #change(historyChange: () => void): void {
    if (this.#goingBack) this.#waiting.push(historyChange);
    else historyChange();
  }
}

export const router = new Router();

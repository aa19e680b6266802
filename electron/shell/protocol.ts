import { protocol } from 'electron';
import type { Session } from 'electron';
import type { Call } from '../contract/messages.ts';
import { createAssets } from '../engine/assets.ts';

const scheme = 'kith';
/** Origin of the interface; the only one that the shell speaks with. */
export const appOrigin = `${scheme}://app`;

/** Must be called before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
}

/** Whether this is an address of the interface: the origin alone is not enough for a look-alike. */
export function isAppAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  // The origin of schemes that the URL standard does not list is opaque, so compare the parts.
  const url = new URL(address);
  return (
    url.protocol === `${scheme}:` &&
    url.host === 'app' &&
    url.username === '' &&
    url.password === ''
  );
}

/** Serves the interface, crops and photos under kith://app/ to the interface alone. */
export function serveScheme(session: Session, rendererFolder: string, call: Call): void {
  const assets = createAssets({ rendererFolder, call });
  session.protocol.handle(scheme, (request) => {
    const initiator = 'initiatorOrigin' in request ? request.initiatorOrigin : undefined;
    if (!isAppAddress(request.url) || (initiator !== undefined && initiator !== appOrigin)) {
      return new Response('Kith serves its own window only.', { status: 403 });
    }
    return assets(request);
  });
}

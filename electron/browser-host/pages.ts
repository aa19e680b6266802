import type { Verdict } from './access.ts';

type Refusal = Extract<Verdict, { allowed: false }>['reason'] | 'token';

const explanations: Readonly<Record<Refusal, string>> = {
  cookie:
    'This browser has not been let in yet. Open the address that Kith printed when it started; it ends in <code>?token=…</code>.',
  token:
    'The token in this address is not the one of the Kith that runs now. Use the address that was printed last.',
  host: 'Kith answers only by the address that it printed, which begins with <code>http://127.0.0.1:</code>.',
  origin:
    'The request came from another page. If you followed a link to Kith, <a href="/">open it from here</a>.',
};

/** The page of a refused request; it says what to do and shows nothing of the library. */
export function refusalPage(reason: Refusal): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>Kith: no access</title>
  </head>
  <body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem">
    <h1 style="font-size: 1.25rem">Kith keeps this library private</h1>
    <p>${explanations[reason]}</p>
  </body>
</html>
`;
}

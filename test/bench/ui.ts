/**
 * How quick the interface is with large libraries: real Chromium, the browser host, the real engine.
 *
 *     npm run bench:ui -- [--minutes <n>] [--faces <n>] [--keep <folder>]
 *
 * Two synthetic libraries are written: 10,000 groups, and a million faces. `--minutes` is how long
 * the first is scrolled for the memory of the page (10), `--faces` the size of the second. With
 * `--keep` they are written once and used again. They have no features, so the grouping thread,
 * which shares no thread with what is measured, has nothing to do.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startServer } from '../../electron/browser-host/server.ts';
import { applicationFolders } from '../../electron/engine/folders.ts';
import { forkEngine } from '../../electron/engine/fork.ts';
import { findChromium } from '../renderer/chromium.ts';
import { writeBigLibrary, type BigLibrary } from './big-library.ts';
import { formatTable } from './cluster-table.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    faces: { type: 'string', default: '1000000' },
    keep: { type: 'string' },
  },
});
const million = Number(values.faces);
const libraries: Record<'groups' | 'faces', BigLibrary> = {
  groups: { faces: 60_000, groups: 10_000, people: 300, cropSide: 192 },
  faces: { faces: million, groups: million / 25, people: 1000, cropSide: 32 },
};

interface Line {
  readonly what: string;
  readonly goal: number;
  readonly measured: number;
  readonly unit: string;
}

/** Milliseconds that a quick user needs to see who it is. */
const thinking = 700;

const application = applicationFolders(import.meta.url);
const executablePath = findChromium();
if (executablePath === null) {
  console.error('No Chromium was found. Set KITH_CHROMIUM to one.');
  process.exit(1);
}
const place = values.keep ?? mkdtempSync(join(tmpdir(), 'kith-ui-'));
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
try {
  const lines = [
    ...(await inLibrary('groups', browser, measureGroups)),
    ...(await inLibrary('faces', browser, measureFaces)),
  ];
  console.log(
    formatTable(
      [
        ['', 'goal', 'measured', ''],
        ...lines.map(({ what, goal, measured, unit }) => [
          what,
          `${String(goal)} ${unit}`,
          `${measured.toFixed(unit === 'MB' ? 1 : 0)} ${unit}`,
          Math.round(measured) <= goal ? '' : 'missed',
        ]),
      ],
      1,
    ),
  );
} finally {
  await browser.close();
  if (values.keep === undefined) rmSync(place, { recursive: true, force: true });
}

/** Opens a copy, since answers are written to it. */
async function inLibrary(
  name: 'groups' | 'faces',
  browser: Browser,
  measure: (page: Page, opening: number, name: string) => Promise<Line[]>,
): Promise<Line[]> {
  const library = libraries[name];
  const folder = join(place, `${name}-${String(library.faces)}`);
  if (!existsSync(folder)) {
    const started = performance.now();
    await writeBigLibrary(`${folder}.part`, library, 1);
    cpSync(`${folder}.part`, folder, { recursive: true });
    rmSync(`${folder}.part`, { recursive: true });
    console.error(`${name}: written in ${String(Math.round(performance.now() - started))} ms`);
  }
  const withoutModels = join(place, 'no-models');
  mkdirSync(withoutModels, { recursive: true });
  const start = () =>
    forkEngine({
      libraryFolder: folder,
      modelsFolder: withoutModels,
      samplesFolder: null,
      version: application.version,
      logFile: join(folder, 'kith.log'),
      overrides: { provider: 'cpu', processes: 1 },
    });
  // Nobody's first start has a million faces.
  const first = await start();
  await first.host.call('library.status', {});
  await first.close();
  const started = performance.now();
  const engine = await start();
  const server = await startServer({
    port: 0,
    rendererFolder: application.renderer,
    call: engine.host.call,
    showFile: () => Promise.resolve(),
    connect: () => engine.connect(),
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(server.address);
    await page.getByRole('gridcell').first().waitFor();
    return await measure(page, performance.now() - started, name);
  } finally {
    await context.close();
    await server.close();
    await engine.close();
  }
}

async function measureGroups(page: Page, start: number): Promise<Line[]> {
  const opening = await openPeople(page);
  const frames = await scroll(page, 10_000);
  const load = await processorWhile(page, () => scroll(page, 5000, 1.5));
  const floor = await scrollNothing(page);
  const review = await answer(page);
  await openPeople(page);
  await scroll(page, 5000);
  const before = await memory(page);
  await scroll(page, Number(values.minutes) * 60_000);
  const growth = (await memory(page)) - before;
  return [
    line('10,000 groups: start-up to usable', 1500, start),
    line('open People', 300, opening),
    line('scrolling, 99 % of frames within', 33, frames),
    line('  the same where there is nothing to show', 33, floor),
    {
      what: 'processor time of the page, scrolled so that pictures load',
      goal: 100,
      measured: load,
      unit: '% of a core',
    },
    line('review, answer to next question, median of 20', 100, review.median),
    line('  the longest of them', 100, review.worst),
    {
      what: `memory of the page, growth in ${values.minutes} minutes`,
      goal: 5,
      measured: growth,
      unit: 'MB',
    },
  ];
}

async function measureFaces(page: Page, opening: number): Promise<Line[]> {
  const people = await openPeople(page);
  const frames = await scroll(page, 10_000);
  const review = await answer(page);
  const what = `${million.toLocaleString('en')} faces`;
  return [
    line(`${what}: start-up to usable`, 1500, opening),
    line('open People', 300, people),
    line('scrolling, 99 % of frames within', 33, frames),
    line('review, answer to next question, median of 20', 100, review.median),
    line('  the longest of them', 100, review.worst),
  ];
}

function line(what: string, goal: number, measured: number): Line {
  return { what, goal, measured, unit: 'ms' };
}

/** From Settings to People with its first tiles painted, milliseconds; the median of five. */
async function openPeople(page: Page): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const time = await page.evaluate(
      timeUntil(`document.querySelector('[role=gridcell] img')?.complete === true`, 'gp'),
    );
    times.push(time as number);
  }
  return times.sort((a, b) => a - b)[2]!;
}

/** As `scroll`, of a page of coloured stripes: what this computer makes of any page at this moment. */
async function scrollNothing(page: Page): Promise<number> {
  const context = await page.context().browser()!.newContext({ viewport: page.viewportSize() });
  const other = await context.newPage();
  await other.setContent(
    `<div class="scroller" style="height: 780px; overflow: auto">
     <div style="height: 200000px; background: repeating-linear-gradient(red, blue 180px)"></div>
     </div>`,
  );
  const frames = await scroll(other, 5000);
  await context.close();
  return frames;
}

/** Milliseconds from an answer until the next question is painted: median and longest of twenty. */
async function answer(page: Page): Promise<{ median: number; worst: number }> {
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.locator('.page img').first().waitFor();
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    const asked = `[...document.querySelectorAll('.page img')]
      .every((image) => image.complete) && document.querySelector('.page img')?.src`;
    // A user looks at a question before answering it; the next ones' pictures come meanwhile.
    await page.waitForTimeout(thinking);
    const before = JSON.stringify(await page.evaluate(asked));
    const next = `(${asked}) && (${asked}) !== ${before}`;
    const key = ['y', 's', 'k'][round % 3]!;
    const kind = await page.getByRole('heading', { level: 2 }).innerText();
    const time = await page.evaluate(timeUntil(next, kind === 'Who is this?' ? 'k' : key));
    times.push(time as number);
  }
  times.sort((a, b) => a - b);
  return { median: times[10]!, worst: times.at(-1)! };
}

/** A script for the page: presses keys, and tells when a condition holds and is painted. */
function timeUntil(condition: string, keys: string): string {
  return `new Promise((resolve) => {
    const started = performance.now();
    for (const key of ${JSON.stringify([...keys])}) {
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    const look = () => {
      if (${condition}) requestAnimationFrame(() => resolve(performance.now() - started));
      else if (performance.now() - started > 20000) resolve(20000);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`;
}

/**
 * Share of one processor core that the page's own process takes meanwhile, percent. Unlike frames it
 * tells the same whatever else the computer does.
 */
async function processorWhile(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const seconds = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const own = processInfo.filter(({ type }) => type === 'renderer');
    return own.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const [before, started] = [await seconds(), performance.now()];
  await work();
  const share = (1000 * ((await seconds()) - before)) / (performance.now() - started);
  await session.detach();
  return 100 * share;
}

/**
 * Scrolls People up and down; the 99th percentile of its frames, milliseconds.
 *
 * @param speed pixels a millisecond; from 3 on pictures are not asked for
 */
async function scroll(page: Page, milliseconds: number, speed = 5.4): Promise<number> {
  const script = `new Promise((resolve) => {
    const scroller = document.querySelector('.scroller');
    const frames = [];
    const started = performance.now();
    let last = started;
    let speed = ${String(speed)};
    const turn = (now) => {
      const step = speed * (now - last);
      frames.push(now - last);
      last = now;
      const end = scroller.scrollHeight - scroller.clientHeight;
      if (scroller.scrollTop + step > end || scroller.scrollTop + step < 0) speed = -speed;
      else scroller.scrollTop += step;
      if (now - started < ${String(milliseconds)}) requestAnimationFrame(turn);
      else resolve(frames.slice(2).sort((a, b) => a - b)[Math.floor(0.99 * (frames.length - 2))]);
    };
    requestAnimationFrame(turn);
  })`;
  return (await page.evaluate(script)) as number;
}

/** What the page's JavaScript holds after all that is not held was collected, megabytes. */
async function memory(page: Page): Promise<number> {
  const bytes = await page.evaluate(
    `new Promise((resolve) => setTimeout(() => {
      gc();
      resolve(performance.memory.usedJSHeapSize);
    }, 500))`,
  );
  return (bytes as number) / 1e6;
}

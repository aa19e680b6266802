import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

const pageSize = 1000;

export async function people(
  options: SharedOptions & { readonly minFaces: string },
): Promise<void> {
  const minFaces = Number(options.minFaces);
  if (!Number.isInteger(minFaces) || minFaces < 1) {
    throw new WorkFailure('--min-faces wants a whole number of at least 1.', 2);
  }
  await withEngine(options, async ({ host }) => {
    await host.call('host.idle', {});
    for (const person of await host.call('people.list', {})) {
      if (options.json) printJson({ type: 'person', ...person });
      else {
        const suggested = person.suggestedCount ? `, ${person.suggestedCount} to confirm` : '';
        printLine(
          `${person.name}: ${count(person.confirmedCount, 'face')}${suggested} (person ${person.personId})`,
        );
      }
    }
    for (let offset = 0; ; offset += pageSize) {
      const { groups, total } = await host.call('groups.list', {
        minFaces,
        offset,
        limit: pageSize,
      });
      for (const group of groups) {
        if (options.json) printJson({ type: 'group', ...group });
        else {
          const perhaps = group.suggestion ? `, perhaps ${group.suggestion.name}` : '';
          printLine(
            `unnamed: ${count(group.faceCount, 'face')}${perhaps} (group ${group.clusterId})`,
          );
        }
      }
      if (offset + pageSize >= total) return;
    }
  });
}

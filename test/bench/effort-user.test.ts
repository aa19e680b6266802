import { expect, it } from 'vitest';
import type { Client } from '../../electron/contract/client.ts';
import { OracleUser, type Road } from './effort-user.ts';

interface FakeFace {
  readonly identity: string;
  cluster: number;
  person: number | null;
  aside: boolean;
  readonly rejected: Set<number>;
}

/**
 * An engine whose groups do not change by themselves; a group resembles whoever `alike` says, or is
 * put with whoever `drawn` says once there is one of that name, until that is denied.
 */
function fakeEngine(
  groups: readonly string[][],
  alike: Record<number, string> = {},
  drawn: Record<number, string> = {},
) {
  const faces = groups.flatMap((group, cluster) =>
    group.map((identity): FakeFace => {
      return { identity, cluster: cluster + 1, person: null, aside: false, rejected: new Set() };
    }),
  );
  const names: string[] = [];
  const open = (clusterId: number) =>
    [...faces.entries()]
      .filter(([, face]) => face.cluster === clusterId && face.person === null && !face.aside)
      .map(([at, face]) => ({ faceId: at + 1, face }));
  const drawnTo = (face: FakeFace) => {
    const person = names.indexOf(drawn[face.cluster] ?? '') + 1;
    const free = face.person === null && !face.aside && !face.rejected.has(person);
    return person > 0 && free ? person : null;
  };
  const suggestion = (clusterId: number) => {
    const person = names.indexOf(alike[clusterId] ?? '') + 1;
    const denied = open(clusterId).some(({ face }) => face.rejected.has(person));
    return person === 0 || denied
      ? null
      : { personId: person, name: names[person - 1], probability: 1 - clusterId / 100 };
  };
  const apply = (action: { type: string; faceIds: number[]; personId?: number; name?: string }) => {
    let personId = action.personId ?? null;
    if (action.name !== undefined) {
      if (!names.includes(action.name)) names.push(action.name);
      personId = names.indexOf(action.name) + 1;
    }
    for (const faceId of action.faceIds) {
      const face = faces[faceId - 1]!;
      if (action.type === 'ignore') face.aside = true;
      else if (action.type === 'reject') {
        face.rejected.add(personId!);
        if (face.person === personId) face.person = null;
      } else face.person = personId;
    }
    return { personId };
  };
  const listed = (minFaces: number) =>
    groups
      .map((_, at) => at + 1)
      .filter((clusterId) => open(clusterId).length >= minFaces)
      .filter((clusterId) => !open(clusterId).some(({ face }) => drawnTo(face) !== null))
      .sort((a, b) => open(b).length - open(a).length || a - b)
      .map((clusterId) => ({ clusterId, suggestion: suggestion(clusterId) }));
  const putOff = new Set<string>();
  const answers: Record<string, (args: never) => unknown> = {
    'host.idle': () => null,
    'host.faces': ({ afterFaceId }: { afterFaceId: number }) =>
      [...faces.entries()].slice(afterFaceId).map(([at, face]) => {
        const personId = face.person ?? drawnTo(face);
        const personName = personId === null ? null : names[personId - 1];
        return { faceId: at + 1, personId, personName };
      }),
    'review.questions': ({ limit }: { limit: number }) => {
      const confirm = names.flatMap((name, at) => {
        const faceIds = [...faces.entries()].flatMap(([place, face]) =>
          drawnTo(face) === at + 1 ? [place + 1] : [],
        );
        return faceIds.length > 0
          ? [{ kind: 'confirm', key: name, faceIds, person: { personId: at + 1, name } }]
          : [];
      });
      const others = listed(1).flatMap(({ clusterId, suggestion: person }) => {
        const faceIds = open(clusterId).map(({ faceId }) => faceId);
        const about = { key: `group ${clusterId}`, clusterId, faceIds, faceCount: faceIds.length };
        if (person) return [{ kind: 'is-person', ...about, person }];
        return faceIds.length > 1 ? [{ kind: 'who', ...about }] : [];
      });
      const questions = [...confirm, ...others].filter(({ key }) => !putOff.has(key));
      return { questions: questions.slice(0, limit) };
    },
    'review.putOff': ({ key }: { key: string }) => putOff.add(key),
    // Of a mixed group it finds the others but for the first of them.
    'groups.proposeSplit': ({ clusterId }: { clusterId: number }) => {
      const all = open(clusterId);
      const others = all.filter(({ face }) => face.identity !== all[0]!.face.identity);
      return others.slice(1).map(({ faceId }) => faceId);
    },
    'groups.list': (args: { minFaces: number; limit: number; offset?: number }) => ({
      groups: listed(args.minFaces).slice(args.offset ?? 0, (args.offset ?? 0) + args.limit),
    }),
    'groups.faces': ({ clusterId }: { clusterId: number }) => ({ faces: open(clusterId) }),
    'labels.apply': apply,
  };
  const call = (channel: string, args: never) => Promise.resolve(answers[channel]!(args));
  const identityOfFace = new Map(
    faces.flatMap(({ identity }, at) =>
      identity === 'unknown' ? [] : [[at + 1, identity] as const],
    ),
  );
  return { client: { call } as unknown as Client, identityOfFace };
}

const none = {
  named: 0,
  yes: 0,
  no: 0,
  putOff: 0,
  ejected: 0,
  chosen: 0,
  assigned: 0,
  learnt: 0,
  passed: 0,
};

function effort(
  groups: readonly string[][],
  alike: Record<number, string> = {},
  wanted = ['Anna', 'Ben'],
  drawn: Record<number, string> = {},
  road: Road = 'people',
) {
  const { client, identityOfFace } = fakeEngine(groups, alike, drawn);
  const knowledge = { identityOfFace, wanted: new Set(wanted), coverage: 1, learns: false };
  // It looks at the groups again after each answer.
  return new OracleUser(client, knowledge, 1, road).work();
}

it('names each person once where the groups are right', async () => {
  expect(await effort([['Anna', 'Anna', 'Anna'], ['Ben', 'Ben'], ['stranger']])).toMatchObject({
    ...none,
    named: 2,
    actions: 2,
    wantedFaces: 5,
    rightFaces: 5,
    wrongFaces: 0,
  });
});

it('leaves larger groups of strangers where they are', async () => {
  const strangers = ['stranger', 'stranger', 'stranger'];
  expect(await effort([['Anna', 'Anna'], strangers])).toMatchObject({
    ...none,
    named: 1,
    passed: 1,
    actions: 1,
  });
});

it('lets Kith choose several faces of somebody else, and names them at once', async () => {
  const mixed = [...new Array<string>(6).fill('Anna'), ...new Array<string>(5).fill('Ben')];
  expect(await effort([mixed])).toMatchObject({
    ...none,
    named: 2,
    // Those that Kith found, and the one that it did not.
    chosen: 2,
    rightFaces: 11,
  });
});

it('says no to a whole page where nobody on it is right', async () => {
  const groups = [
    ['Anna', 'Anna', 'Anna', 'Anna'],
    ['Ben', 'Ben', 'Ben'],
  ];
  expect(await effort(groups, {}, ['Anna', 'Ben'], { 2: 'Anna' })).toMatchObject({
    ...none,
    named: 2,
    no: 1,
    rightFaces: 7,
  });
});

it('takes out faces one by one, saying who they are', async () => {
  expect(
    await effort([
      ['Anna', 'Anna', 'Anna', 'Ben'],
      ['Ben', 'Ben'],
    ]),
  ).toMatchObject({
    ...none,
    named: 2,
    ejected: 1,
    rightFaces: 6,
    wrongFaces: 0,
  });
});

it('takes out strangers', async () => {
  expect(await effort([['Anna', 'Anna', 'Anna', 'stranger']])).toMatchObject({
    ...none,
    named: 1,
    ejected: 1,
    rightFaces: 3,
    wrongFaces: 0,
  });
});

it('answers questions where they are right, and names again where there are none', async () => {
  const groups = [['Anna', 'Anna', 'Anna'], ['Anna', 'Anna'], ['Anna', 'Anna'], ['Anna'], ['Ben']];
  expect(await effort(groups, { 2: 'Anna', 4: 'Anna', 5: 'Anna' }, ['Anna'])).toMatchObject({
    ...none,
    named: 2,
    yes: 2,
    // Everything is right before the wrong question is reached.
    no: 0,
    rightFaces: 8,
  });
  expect(await effort(groups, { 2: 'Anna', 5: 'Anna' }, ['Anna'])).toMatchObject({
    ...none,
    named: 2,
    yes: 1,
    no: 1,
    assigned: 1,
  });
});

it('passes over faces that nothing is known of', async () => {
  const groups = [
    ['unknown', 'unknown', 'unknown'],
    ['Anna', 'unknown', 'unknown'],
    ['stranger', 'unknown', 'unknown'],
  ];
  expect(await effort(groups)).toMatchObject({ ...none, named: 1, rightFaces: 1, wrongFaces: 2 });
});

it('ends when nothing is wanted', async () => {
  expect(await effort([['stranger', 'stranger']], {}, [])).toMatchObject({ ...none, actions: 0 });
});

it('answers the questions of Review as they come, those about strangers too', async () => {
  const groups = [
    ['stranger', 'stranger', 'stranger', 'stranger'],
    ['Anna', 'Anna', 'Anna'],
    ['Ben', 'Ben'],
    ['Anna', 'Anna'],
    ['Anna'],
    ['Ben'],
  ];
  const alike = { 4: 'Anna', 5: 'Anna', 6: 'Anna' };
  expect(await effort(groups, alike, ['Anna', 'Ben'], {}, 'review')).toMatchObject({
    ...none,
    named: 3,
    yes: 2,
    putOff: 1,
    rightFaces: 9,
    wrongFaces: 0,
  });
});

it('takes those who are somebody else out of a page before it is confirmed in Review', async () => {
  const groups = [
    ['Anna', 'Anna', 'Anna', 'Anna'],
    ['Anna', 'Ben', 'Anna'],
    ['Ben', 'Ben'],
  ];
  expect(await effort(groups, {}, ['Anna', 'Ben'], { 2: 'Anna' }, 'review')).toMatchObject({
    ...none,
    named: 2,
    yes: 1,
    ejected: 1,
    rightFaces: 9,
  });
});

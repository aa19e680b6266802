import { printJson, printLine, type SharedOptions, withEngine } from './session.ts';

export async function faces(options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    await host.call('host.idle', {});
    let afterFaceId = 0;
    for (;;) {
      const page = await host.call('host.faces', { afterFaceId });
      for (const face of page) {
        if (options.json) printJson(face);
        else {
          const who = face.personName ?? (face.clusterId === null ? '' : `group ${face.clusterId}`);
          printLine(`${face.faceId}\t${face.state}\t${who}\t${face.photoPath}`);
        }
      }
      const last = page.at(-1);
      if (!last) return;
      afterFaceId = last.faceId;
    }
  });
}

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDouble } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4310' },
    groups: { type: 'string', default: '60' },
    named: { type: 'string', default: '12' },
    scanning: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
  },
});
const server = await startDouble(
  fileURLToPath(new URL('../../../out/renderer', import.meta.url)),
  {
    groups: Number(values.groups),
    named: Number(values.named),
    scanning: values.scanning,
    empty: values.empty,
  },
  Number(values.port),
);
process.stdout.write(`${server.address}\n`);

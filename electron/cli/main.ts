#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultLibraryFolder } from '../engine/folders.ts';
import { embed } from './embed.ts';
import { faces } from './faces.ts';
import { identify } from './identify.ts';
import { label } from './label.ts';
import { exportLabels, importLabels } from './labels.ts';
import { people } from './people.ts';
import { scan } from './scan.ts';
import { installedVersion, type SharedOptions, WorkFailure } from './session.ts';
import { heads } from './heads.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';

/** Ends with 0 for success, 1 for a failure of the work, 2 for wrong usage. */
const usageError = 2;

const program = new Command('kith')
  .description('Finds the people in a photo library, privately, on this computer.')
  .version(installedVersion)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });

function command(nameAndArguments: string, description: string, parent = program): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--library <folder>', 'the library to use', defaultLibraryFolder())
    .option('--json', 'print one JSON object a line, for programs', false)
    .addOption(
      new Option('--provider <name>', 'what inference runs on')
        .choices(['auto', 'cpu', 'cuda', 'directml', 'coreml', 'webgpu'])
        .hideHelp(),
    )
    .addOption(
      new Option('--processes <count>', 'photos looked at side by side').argParser((text) => {
        const count = Number(text);
        if (!Number.isInteger(count) || count < 1 || count > 64) {
          throw new InvalidArgumentError('Give a whole number from 1 to 64.');
        }
        return count;
      }),
    );
}

command('scan <folders...>', 'find the faces in folders of photos').action(
  (folders: string[], options: SharedOptions) => scan(folders, options),
);
command('people', 'list people and unnamed groups')
  .option('--min-faces <count>', 'leave out groups with fewer faces', '2')
  .action((options: SharedOptions & { minFaces: string }) => people(options));
command('faces', 'list every face').action((options: SharedOptions) => faces(options));
command(
  'label <events>',
  'apply label actions from a file of JSON lines, "-" for standard input',
).action((file: string, options: SharedOptions) => label(file, options));
const labels = program.command('labels').description('keep all labels in one file');
command('export [file]', 'write all labels as JSON', labels).action(
  (file: string | undefined, options: SharedOptions) => exportLabels(file, options),
);
command('import <file>', 'restore labels from such a file, as one action', labels).action(
  (file: string, options: SharedOptions) => importLabels(file, options),
);
command('verify <photoA> <photoB>', 'tell whether two photos show the same person').action(
  (photoA: string, photoB: string, options: SharedOptions) => verify(photoA, photoB, options),
);
command('identify <photos...>', 'tell who is in photos from outside the library').action(
  (photos: string[], options: SharedOptions) => identify(photos, options),
);
command('train', 'learn from the labels: trains the head and keeps it if it is better').action(
  (options: SharedOptions) => train(options),
);
command('heads [version]', 'list the heads, or use one of them').action(
  (version: string | undefined, options: SharedOptions) => heads(version, options),
);
command('embed <folderOrList>', "write the embedding of each photo's main face")
  .requiredOption('--out <file>', 'NumPy file of float32 rows, 192 numbers each')
  .option('--index <file>', 'CSV file that tells the rows')
  .option('--features <file>', 'NumPy file of float32 rows, 512 numbers each')
  .action(
    (source: string, options: SharedOptions & { out: string; index?: string; features?: string }) =>
      embed(source, options),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : usageError;
  } else {
    process.stderr.write(oneLine(`kith: ${(error as Error).message}`));
    process.exitCode = error instanceof WorkFailure ? error.exitCode : 1;
  }
}

function oneLine(text: string): string {
  return `${text.replace(/\s*\n\s*/gu, ' ').trim()}\n`;
}

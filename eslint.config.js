import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Which folder under electron/ may import what. `core` and `contract` run anywhere: in Node, a page, a worker. */
const folders = {
  core: [],
  contract: [],
  store: ['core'],
  vision: ['core'],
  engine: ['core', 'contract', 'store', 'vision'],
  cli: ['core', 'contract', 'engine'],
  'browser-host': ['contract', 'engine'],
  shell: ['contract', 'engine'],
};

/** Each native package, and Electron, has one place that imports it. */
const soleImporters = {
  'better-sqlite3': 'electron/store/database.ts',
  'hnswlib-node': 'electron/engine/grouping/face-index.ts',
  'libheif-js': 'electron/vision/heif.ts',
  'onnxruntime-node': 'electron/vision/runtime.ts',
  sharp: 'electron/vision/pixels.ts',
  electron: 'electron/shell',
};

function patterns(folder, place) {
  const forbidden = Object.keys(folders).filter(
    (other) => other !== folder && !folders[folder].includes(other),
  );
  const packages = Object.entries(soleImporters).filter(
    ([, importer]) => importer !== place && importer !== `electron/${folder}`,
  );
  return [
    {
      regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
      message: `${folder} may import from ${folders[folder].join(', ') || 'itself'} only.`,
    },
    ...packages.map(([name, importer]) => ({
      regex: `^${name}(/|$)`,
      message: `Only ${importer} imports ${name}.`,
    })),
    ...(['core', 'contract'].includes(folder)
      ? [{ regex: '^node:', message: `${folder} runs anywhere: no Node, no DOM.` }]
      : []),
    ...(folder === 'core' ? [{ regex: '^[^.]', message: 'core imports no package.' }] : []),
  ];
}

const importRules = (folder, place) => ({
  'no-restricted-imports': ['error', { patterns: patterns(folder, place) }],
});

export default ts.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'models/converted/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      // noUncheckedIndexedAccess asks for them wherever numeric loops read arrays.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  { files: ['**/*.cts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['test/bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['renderer/**/*.{ts,svelte}'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^node:', message: 'The renderer runs in a page.' },
            {
              regex: '/electron/(?!contract/)',
              message: 'The renderer knows the contract alone.',
            },
          ],
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/electron/contract/(?!(client|errors|limits)\\.ts$)',
              message:
                'Of schemas the renderer takes the types: a page that checks nothing opens sooner.',
              allowTypeImports: true,
            },
            {
              regex: '^zod$',
              message: 'The renderer takes the types that schemas give.',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  ...Object.keys(folders).map((folder) => ({
    files: [`electron/${folder}/**/*.{ts,cts}`],
    rules: importRules(folder, null),
  })),
  ...Object.values(soleImporters)
    .filter((place) => place.endsWith('.ts'))
    .map((place) => ({ files: [place], rules: importRules(place.split('/')[1], place) })),
  ...['core', 'contract'].map((folder) => ({
    files: [`electron/${folder}/**/*.ts`],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'navigator'],
    },
  })),
);

import { describe, expect, it } from 'vitest';
import { type PackageManifest, violations } from './rules.ts';

const manifest = (name: string, dependencies: string[] = []): [string, PackageManifest] => [
  name,
  { name: `@lazuli/${name}`, exports: { '.': './src/index.ts' }, dependencies, devDependencies: [] },
];
const manifests = new Map([
  manifest('expressions'),
  manifest('resources'),
  manifest('policies', ['@lazuli/expressions']),
  manifest('gateway', ['@lazuli/policies']),
]);
const check = (path: string, text: string) => violations({ path, text }, manifests);

describe('the boundary check', () => {
  it('accepts a lower layer that the package lists', () => {
    expect(check('packages/policies/src/a.ts', "import { x } from '@lazuli/expressions';")).toEqual([]);
  });

  it.each([
    [
      'a higher layer',
      'packages/policies/src/a.ts',
      "import { x } from '@lazuli/gateway';",
      /must not import 'gateway'/,
    ],
    [
      'a peer',
      'packages/expressions/src/a.ts',
      "import { x } from '@lazuli/resources';",
      /must not import 'resources'/,
    ],
    [
      'what package.json does not list',
      'packages/policies/src/a.ts',
      "import { x } from '@lazuli/resources';",
      /not in the dependencies/,
    ],
    [
      'another package by path',
      'packages/policies/src/a.ts',
      "export * from '../../expressions/src/index.ts';",
      /leaves the package/,
    ],
    [
      'what is not exported',
      'packages/policies/src/a.ts',
      "import { x } from '@lazuli/expressions/src/bind.ts';",
      /not in that package's exports/,
    ],
    [
      'a dynamic import',
      'packages/expressions/src/a.ts',
      "const p = await import('@lazuli/policies');",
      /must not import 'policies'/,
    ],
    [
      'a side-effect import',
      'packages/expressions/src/a.ts',
      "import '@lazuli/policies';",
      /must not import 'policies'/,
    ],
    [
      'a package from outside by path',
      'tests/a.test.ts',
      "import { x } from '../packages/policies/src/a.ts';",
      /reaches into a package/,
    ],
    ['a package without a layer', 'packages/novel/src/a.ts', "import { x } from '@lazuli/policies';", /has no layer/],
  ])('refuses %s', (_, path, text, expected) => {
    expect(check(path, text)).toEqual([expect.stringMatching(expected)]);
  });

  it('names the file and the line', () => {
    const text = "import { a } from './a.ts';\n\nimport {\n  b,\n} from '@lazuli/gateway';\n";
    expect(check('packages/policies/src/b.ts', text)[0]).toMatch(/^packages\/policies\/src\/b\.ts:5: /);
  });
});

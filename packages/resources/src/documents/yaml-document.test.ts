import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseYamlDocument } from './yaml-document.ts';

const codes = (text: string) =>
  parseYamlDocument('a.yaml', text).diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('YAML', () => {
  test('reports syntax with its place', () => {
    expect(codes('a: 1\nb: [1, 2\nc: 3\n')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^YamlSyntax [23]:/)]),
    );
  });

  test('reports every duplicate key', () => {
    expect(codes('a: 1\nb:\n  c: 1\n  c: 2\na: 3\n')).toEqual(
      expect.arrayContaining(['DuplicateKey 4:3', 'DuplicateKey 5:1']),
    );
  });

  test('refuses several documents', () => {
    expect(codes('a: 1\n---\nb: 2\n')[0]).toMatch(/^YamlSyntax/);
  });

  test('warns of tags that it does not know', () => {
    expect(codes('a: !mine 1\n')).toEqual(['YamlTag 1:4']);
  });

  test('reads lines that end with CRLF', () => {
    const document = parseYamlDocument('a.yaml', 'a: 1\r\nb:\r\n  - x\r\n  - "y"\r\n');
    expect(document.value).toEqual({ a: 1, b: ['x', 'y'] });
    expect(document.locate(['b', 1])).toEqual({ line: 4, column: 5 });
  });

  test('says where values and keys are', () => {
    const document = parseYamlDocument('a.yaml', 'a:\n  200:\n    b: x\n  empty:\n');
    expect(document.locate(['a', '200', 'b'])).toEqual({ line: 3, column: 8 });
    expect(document.locate(['a', '200'], 'key')).toEqual({ line: 2, column: 3 });
    expect(document.locate(['a', 'nothing'])).toEqual({ line: 2, column: 3 });
  });

  test('refuses alias bombs quickly', () => {
    const bomb = [
      'a0: &a0 [x,x,x,x,x,x,x,x,x]',
      ...Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`),
    ].join('\n');
    expect(codes(bomb)[0]).toMatch(/^TooManyAliases/);
  });

  test('refuses a value that contains itself', () => {
    expect(codes('a: &a\n  b: *a\n')[0]).toMatch(/^(NestedTooDeep|TooManyAliases|YamlSyntax)/);
  });

  test.each([
    ['flow sequences', '['.repeat(100_000)],
    ['flow mappings', '{a: '.repeat(100_000)],
    ['block sequences on one line', `${'- '.repeat(100_000)}x`],
    ['block mappings', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['explicit keys', `${'? '.repeat(100_000)}x`],
    ['flow sequences after a quote in a comment', `# it's\n${'['.repeat(100_000)}`],
  ])('refuses deep %s', (_, text) => {
    expect(codes(text)[0]).toMatch(/^NestedTooDeep/);
  });

  test('takes a text with many brackets that do not nest', () => {
    const text = `description: |\n${'  see [x and {y\n'.repeat(400)}list: [${'[1],'.repeat(500)}]\n`;
    expect(codes(text)).toEqual([]);
  });

  test('keeps __proto__ a plain key', () => {
    const { value } = parseYamlDocument('a.yaml', '__proto__:\n  polluted: true\n');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });

  test('takes a wide mapping in linear time', () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `key${index}: ${index}`).join('\n');
    const started = performance.now();
    expect(codes(text)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('reads whatever a writer writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(parseYamlDocument('a.yaml', stringify(plain)).value).toEqual(plain);
      }),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            "'",
            ',',
            ':',
            '-',
            '?',
            '&',
            '*',
            '!',
            '|',
            '>',
            '%',
            '#',
            ' ',
            '\n',
            '\t',
            'a',
          ),
        }),
        (text) => {
          const document = parseYamlDocument('a.yaml', text);
          document.locate(['a', 0]);
          for (const { line, column } of document.diagnostics) expect(Math.min(line, column)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

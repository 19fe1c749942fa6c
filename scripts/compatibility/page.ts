import { surface, type TypeDeclaration } from '@lazuli/expressions';
import { knownPolicies, policies } from '@lazuli/policies';
import { managementSections } from './management-section.ts';

type Policy = (typeof policies)[number];
type Schema = Policy['element'];

/** `include-fragment` is the compiler's own, not a definition in the list; `base` is not a policy of its own either. */
const builtIntoTheCompiler = ['include-fragment'];

/** The whole of docs/compatibility.md. */
export function compatibilityPage(): string {
  const built = new Map(policies.map((policy) => [policy.name, policy]));
  const names = [...new Set([...knownPolicies, ...built.keys()])].sort();
  return `${[
    '# Compatibility',
    '',
    'Generated from the code by `npm run compatibility`; a test fails when this page and the code differ.',
    'What is not supported is refused when a folder is loaded, with an error that names it.',
    '',
    ...languageSection,
    '## Policies',
    '',
    '| policy | supported | sections | scopes |',
    '|---|---|---|---|',
    ...names.map((name) => policyRow(name, built.get(name))),
    '',
    'A policy that is not supported is refused with the code `PolicyNotSupported`; with `--allow-unsupported` it does nothing and',
    'a warning says so. Every policy takes `id`.',
    '',
    ...policies.toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap(policySection),
    '## .NET types',
    '',
    'What is not in these tables does not exist for an expression.',
    '',
    ...typeSections(),
    '',
    ...managementSections(),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

const languageSection = [
  '## The expression language',
  '',
  'C# 7 as policies use it: `@(expression)` and `@{ statements }`.',
  '',
  '| supported | not supported, refused with an error that names it |',
  '|---|---|',
  '| locals, `var`, constants, assignment, `++` and compound operators | `dynamic`, type declarations, `unsafe` |',
  '| `if`, `switch` with patterns, `for`, `foreach`, `while`, `do`, `break`, `continue`, labels, `goto`, `return` | `async` and `await` |',
  '| lambdas, LINQ methods, local functions (generic ones and iterators too), `out` variables, named and optional arguments | query syntax (`from … select`), `ref` lambdas and `ref` locals, `yield` outside a local function |',
  '| `try`, `catch … when`, `finally`, `throw`, `using`, `checked`, `unchecked` | `lock` |',
  '| generics, casts and conversions, `is`, `as`, patterns, `?.`, `?[]`, `??`, `?:` | C# 8 and later: switch expressions, `??=`, ranges, `is not`, target-typed `new` |',
  '| interpolated and verbatim strings, object and collection initialisers, anonymous objects, arrays, tuples | rectangular arrays |',
  '',
  'An evaluation has a budget of steps and memory: past it, it fails like any expression that throws',
  '(`ExpressionValueEvaluationFailure`). Differences from .NET: culture-sensitive comparison is that of the ICU root',
  'collation; the local time zone is UTC; `X509Certificate2.Verify` and `VerifyNoRevocation` accept what chains to one of the',
  "service's certificates or to a public root that Node knows, and ask for no revocation; `object == string` compares values,",
  'since strings have no identity here; numbers are formatted as by .NET Core 3.0 and later.',
  '',
];

function policyRow(name: string, policy: Policy | undefined): string {
  if (policy) return `| [\`${name}\`](#${name}) | yes | ${policy.sections.join(', ')} | ${policy.scopes.join(', ')} |`;
  const supported = builtIntoTheCompiler.includes(name);
  return `| \`${name}\` | ${supported ? 'yes' : 'no'} | | |`;
}

function policySection(policy: Policy): string[] {
  const rows = attributeRows(policy.element, '');
  return [
    `### ${policy.name}`,
    '',
    ...(policy.notes === undefined ? [] : [policy.notes, '']),
    ...(rows.length === 0
      ? ['No attributes but `id`.']
      : ['| attribute or element | type | required | default | expression |', '|---|---|---|---|---|', ...rows]),
    '',
  ];
}

/** Rows of an element's attributes and, indented by their path, of its children's. */
function attributeRows(schema: Schema, path: string, seen: ReadonlySet<Schema> = new Set()): string[] {
  if (seen.has(schema)) return [];
  const rows = Object.entries(schema.attributes).map(([name, attribute]) => {
    const type = attribute.values ? attribute.values.map((value) => `\`${value}\``).join(' or ') : attribute.type;
    const range = [
      attribute.min === undefined ? '' : ` from ${attribute.min}`,
      attribute.max === undefined ? '' : ` to ${attribute.max}`,
    ].join('');
    const fallback = attribute.default === undefined ? '' : `\`${attribute.default}\``;
    return `| \`${path}${name}\` | ${type}${range} | ${yes(attribute.required)} | ${fallback} | ${yes(attribute.expression)} |`;
  });
  if (schema.text)
    rows.push(`| \`${path || '(text)'}\` | text | ${yes(schema.text.required)} | | ${yes(schema.text.expression)} |`);
  const { children } = schema;
  if (children?.kind === 'policies') rows.push(`| \`${path}\` policies | | | | |`);
  if (children?.kind === 'sequence' || children?.kind === 'all')
    for (const child of children.items) {
      const own = attributeRows(child.element, `${path}${child.name}/`, new Set([...seen, schema]));
      rows.push(...(own.length > 0 ? own : [`| \`${path}${child.name}\` | element | ${yes(child.min > 0)} | | |`]));
    }
  return rows;
}

function yes(value: boolean | undefined): string {
  return value ? 'yes' : '';
}

function typeSections(): string[] {
  const byNamespace = Map.groupBy(surface, ({ name }) => namespaceOf(name));
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, types]) => [
      `### ${namespace}`,
      '',
      ...types.toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap(typeDetails),
      '',
    ]);
}

function typeDetails(type: TypeDeclaration): string[] {
  const members = Object.keys(type.members ?? {});
  const values = Object.keys(type.values ?? {});
  const refused = Object.entries(type.refused ?? {});
  const count = members.length + values.length;
  return [
    `<details><summary><code>${escapeHtml(type.name)}</code> (${type.kind}, ${count} ${count === 1 ? 'member' : 'members'})</summary>`,
    '',
    ...(values.length > 0 ? [values.map((name) => `\`${name}\``).join(', '), ''] : []),
    ...members.map((signature) => `- \`${signature}\``),
    ...refused.map(([name, reason]) => `- refused: ${refusedName(name)}${reason}`),
    '',
    '</details>',
  ];
}

/** The empty name is the type itself, `new` its constructor. */
function refusedName(name: string): string {
  return name === '' ? '' : `\`${name}\`: `;
}

function namespaceOf(name: string): string {
  const plain = name.replace(/<.*$/, '');
  return plain.slice(0, Math.max(0, plain.lastIndexOf('.'))) || '(none)';
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

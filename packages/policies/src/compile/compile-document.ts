import type { PolicyDocument } from '@lazuli/resources';
import type { PolicyElement } from '../document/element.ts';
import { nearestName } from '../document/nearest-name.ts';
import { readPolicyText } from '../document/reader.ts';
import { type Scope, type Section, sections } from '../pipeline/step.ts';
import { policies as builtPolicies } from '../policies/index.ts';
import type { PolicyProblem } from '../problems/problem.ts';
import { ProblemList } from '../problems/problem-list.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { knownPolicies, notSupported } from '../schema/known-policies.ts';
import type { CompiledDocument, SectionItem } from './compiled-document.ts';
import { DocumentCompiler, type Place } from './document-compiler.ts';
import type { CompileEnvironment } from './environment.ts';

export interface CompileDocumentOptions {
  /** A fragment is only checked: it is compiled as a part of the documents that include it. */
  readonly kind: 'policies' | 'fragment';
  readonly scope: Scope;
  readonly environment: CompileEnvironment;
  /** The policies there are; all that are built when absent. */
  readonly policies?: readonly PolicyDefinition[];
}

export interface CompileResult {
  /** Null for a fragment, and when there is an error among the problems. */
  readonly compiled: CompiledDocument | null;
  /** In the order of their places; those inside fragments name the fragment's file. */
  readonly problems: readonly PolicyProblem[];
}

/** Reads, checks and compiles a policy document. Never throws for bad input: every problem is in the result. */
export function compileDocument(document: PolicyDocument, options: CompileDocumentOptions): CompileResult {
  const { environment, kind, scope } = options;
  const { file, format, text } = document;
  const read = readPolicyText(text, { file, format, kind, namedValues: environment.namedValues });
  const problems = new ProblemList(file);
  const compiler = new DocumentCompiler(scope, environment, options.policies ?? builtPolicies);
  let compiled: CompiledDocument | null = null;
  if (read.root && kind === 'fragment') compiler.fragment(read.root, placeIn(null, problems, true));
  else if (read.root) {
    const compiledSections = compileSections(read.root, compiler, problems);
    compiled = { file, scope, sections: compiledSections, preflight: compiler.preflight };
  }
  const own = [...read.problems, ...problems.items].sort((a, b) => a.line - b.line || a.column - b.column);
  const all = withoutRepetition([...own, ...compiler.fragmentProblems]);
  const hasErrors = all.some((problem) => problem.severity === 'error');
  return { compiled: hasErrors ? null : compiled, problems: all };
}

function compileSections(
  root: PolicyElement,
  compiler: DocumentCompiler,
  problems: ProblemList,
): Record<Section, readonly SectionItem[]> {
  const result: Record<Section, readonly SectionItem[]> = { inbound: [], backend: [], outbound: [], 'on-error': [] };
  if (root.name !== 'policies') {
    problems.inElement(
      'PolicyStructure',
      root,
      knownPolicies.includes(root.name)
        ? notSupported(root.name)
        : `The root element of a policy document is 'policies', not '${root.name}'.`,
    );
    return result;
  }
  reportExtras(root, problems);
  const seen = new Set<Section>();
  for (const element of root.children) {
    const section = sections.find((one) => one === element.name);
    if (!section) {
      const nearest = nearestName(element.name, sections);
      const hint = nearest ? ` Did you mean '${nearest}'?` : '';
      problems.inElement(
        'PolicyStructure',
        element,
        `'${element.name}' is no section. The sections are ${sections.join(', ')}.${hint}`,
      );
      continue;
    }
    if (seen.has(section)) problems.inElement('PolicyStructure', element, `The section '${section}' is there twice.`);
    seen.add(section);
    reportExtras(element, problems);
    result[section] = compileSection(element, section, compiler, problems);
  }
  return result;
}

function compileSection(
  element: PolicyElement,
  section: Section,
  compiler: DocumentCompiler,
  problems: ProblemList,
): readonly SectionItem[] {
  const items: SectionItem[] = [];
  const place = placeIn(section, problems, false);
  for (const child of element.children) {
    if (child.name !== 'base') {
      items.push(...compiler.step(child, place));
      continue;
    }
    if (items.includes('base'))
      problems.inElement('PolicyStructure', child, `'<base />' can stand only once in the section '${section}'.`);
    if (child.children.length > 0 || child.text)
      problems.inElement('PolicyStructure', child, "'<base />' must be empty.");
    items.push('base');
  }
  return items;
}

function placeIn(section: Section | null, problems: ProblemList, inFragment: boolean): Place {
  return { section, path: '', inside: null, problems, inFragment, counts: new Map() };
}

function reportExtras(element: PolicyElement, problems: ProblemList): void {
  for (const { name, at } of element.attributes)
    if (name !== 'id' && name !== 'xmlns' && !name.startsWith('xmlns:'))
      problems.inElement('PolicySchema', element, `Unknown attribute '${name}'.`, at);
  const { text } = element;
  if (text)
    problems.inElement(
      'PolicySchema',
      element,
      'The element cannot contain text.',
      text.locate(text.text.search(/\S/)),
    );
}

/** A fragment that is included twice has its problems once. */
function withoutRepetition(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, line, column, message }) => {
    const key = `${file}\n${line}\n${column}\n${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

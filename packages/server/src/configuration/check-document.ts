import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type CompileEnvironment,
  compileDocument,
  type PolicyProblem,
  type Scope,
  toDiagnostic,
} from '@lazuli/policies';
import type { Diagnostic, PolicyDocument } from '@lazuli/resources';

/**
 * What is wrong with one policy document or fragment, read without the service that it belongs to. What it refers to
 * (fragments, backends, certificates, loggers, schemas) is taken to exist. A named value is a warning, because what its
 * value makes of the document cannot be known: the attribute or expression that it stands in is not checked further.
 * The document is judged at the scope where it has the fewest errors, as nothing says where it belongs.
 */
export async function checkDocument(path: string, allowUnsupported: boolean): Promise<readonly Diagnostic[]> {
  const text = await readFile(path, 'utf8');
  const document: PolicyDocument = { file: basename(path), format: 'rawxml', text };
  const kind = isFragment(text) ? 'fragment' : 'policies';
  const environment = withEverything(allowUnsupported);
  let fewest: readonly PolicyProblem[] | null = null;
  for (const scope of scopes) {
    const { problems } = compileDocument(document, { kind, scope, environment });
    const lenient = problems.map(demoteNamedValue);
    if (!fewest || errorsIn(lenient) < errorsIn(fewest)) fewest = lenient;
    if (errorsIn(fewest) === 0) break;
  }
  return (fewest ?? []).map(toDiagnostic);
}

/** From the scope that most documents are written for to the one that allows the fewest policies. */
const scopes: readonly Scope[] = ['operation', 'api', 'product', 'global'];

/** Whether the root element is `fragment`; before it there may be a declaration and comments. */
function isFragment(text: string): boolean {
  return /^\uFEFF?\s*(<\?[^>]*\?>\s*|<!--[\s\S]*?-->\s*)*<fragment[\s/>]/.test(text);
}

const errorsIn = (problems: readonly PolicyProblem[]): number =>
  problems.filter(({ severity }) => severity === 'error').length;

function demoteNamedValue(problem: PolicyProblem): PolicyProblem {
  if (problem.code !== 'PolicyNamedValue') return problem;
  return { ...problem, severity: 'warning', message: problem.message.replace(/^Error/, 'Warning') };
}

function withEverything(allowUnsupported: boolean): CompileEnvironment {
  return {
    namedValues: new Map(),
    fragments: new EmptyFragments(),
    backends: new AnyName(),
    loggers: new AnyName(),
    certificates: new AnyName(),
    schemas: new Map(),
    allowUnsupported,
  };
}

class AnyName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

class EmptyFragments extends Map<string, PolicyDocument> {
  override has(): boolean {
    return true;
  }

  override get(name: string): PolicyDocument {
    return { file: name, format: 'rawxml', text: '<fragment />' };
  }
}

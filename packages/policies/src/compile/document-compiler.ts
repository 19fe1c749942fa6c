import type { PolicyElement, PolicyValue } from '../document/element.ts';
import { nearestName } from '../document/nearest-name.ts';
import { type ReadResult, readPolicyText } from '../document/reader.ts';
import type { CompiledStep, Scope, Section, StepInfo } from '../pipeline/step.ts';
import type { PolicyProblem } from '../problems/problem.ts';
import { ProblemList } from '../problems/problem-list.ts';
import type { ContentModel, ElementSchema, PolicyDefinition } from '../schema/definition.ts';
import { knownPolicies, notSupported } from '../schema/known-policies.ts';
import { policyContents, validateElement } from '../schema/validate-element.ts';
import { withBodies } from './body-reads.ts';
import type { PreflightHandler } from './compiled-document.ts';
import { ElementCompiler } from './element-compiler.ts';
import type { CompileEnvironment } from './environment.ts';
import { compileOnce } from './expression-cache.ts';
import { reportExpression } from './report-expression.ts';

/** Where a list of policies stands. */
export interface Place {
  /** Null while a fragment is checked by itself: it may be included in any section. */
  readonly section: Section | null;
  /** What comes before the policies' own path: empty, or `choose[1]/when[2]/`. */
  readonly path: string;
  /** Inside another policy: which policies that takes. */
  readonly inside: { readonly name: string; readonly model: Extract<ContentModel, { kind: 'policies' }> } | null;
  /** Problems go to the file that the policies stand in. */
  readonly problems: ProblemList;
  readonly inFragment: boolean;
  /** Numbers of the elements so far, by name; a fragment's policies are counted as if they stood in its place. */
  readonly counts: Map<string, number>;
}

/** Compiles the policies of one document, fragments included where they stand. */
export class DocumentCompiler {
  readonly scope: Scope;
  readonly environment: CompileEnvironment;
  readonly preflight: PreflightHandler[] = [];
  readonly schemas = new Map<PolicyElement, ElementSchema>();
  readonly fragmentProblems: PolicyProblem[] = [];
  readonly #policies: ReadonlyMap<string, PolicyDefinition>;
  readonly #fragments = new Map<string, ReadResult>();

  constructor(scope: Scope, environment: CompileEnvironment, policies: readonly PolicyDefinition[]) {
    this.scope = scope;
    this.environment = environment;
    this.#policies = new Map(policies.map((policy) => [policy.name, policy]));
  }

  definition(name: string): PolicyDefinition | undefined {
    return this.#policies.get(name);
  }

  /** The policies among `elements`, in order. What is wrong is reported and left out. */
  steps(elements: readonly PolicyElement[], place: Place): CompiledStep[] {
    return elements.flatMap((element) => this.step(element, place));
  }

  step(element: PolicyElement, place: Place): readonly CompiledStep[] {
    if (element.name === 'include-fragment') return this.#include(element, place);
    const number = (place.counts.get(element.name) ?? 0) + 1;
    place.counts.set(element.name, number);
    const path = `${place.path}${element.name}[${number}]`;
    const definition = this.#find(element, place);
    if (definition === 'ignored') return [this.#ignored(element, place, path)];
    if (!definition) {
      this.#compileInside(element, guessedPolicies(element), place, path);
      return [];
    }
    const isGood = this.#isAllowed(element, definition, place);
    if (!validateElement(element, definition.element, place.problems)) {
      this.#checkExpressions(element, definition.element, place.problems);
      this.#compileInside(element, [...policyContents(element, definition.element)], place, path);
      return [];
    }
    const step = this.#compile(element, definition, place, path);
    return isGood ? [step] : [];
  }

  /** Registers what schema the elements of a policy have; the policies inside it register their own. */
  register(element: PolicyElement, schema: ElementSchema): void {
    this.schemas.set(element, schema);
    const model = schema.children;
    if (!model || model.kind === 'verbatim' || model.kind === 'policies') return;
    for (const child of element.children) {
      const item = model.items.find((one) => one.name === child.name);
      if (item) this.register(child, item.element);
    }
  }

  #compile(element: PolicyElement, definition: PolicyDefinition, place: Place, path: string): CompiledStep {
    this.register(element, definition.element);
    const info = this.#info(element, place, path);
    const compiler = new ElementCompiler(this, element, definition, place, info);
    const before = place.problems.items.length;
    definition.validate?.(element, compiler);
    const hasErrors = place.problems.items.slice(before).some((problem) => problem.severity === 'error');
    const step = definition.compile(element, compiler);
    return { run: hasErrors ? () => undefined : withBodies(step, compiler.bodies), info };
  }

  #info(element: PolicyElement, place: Place, path: string): StepInfo {
    const policyId = element.attributes.find((attribute) => attribute.name === 'id')?.value.text ?? '';
    return { source: element.name, scope: this.scope, section: place.section ?? 'inbound', path, policyId };
  }

  #find(element: PolicyElement, place: Place): PolicyDefinition | 'ignored' | null {
    const definition = this.#policies.get(element.name);
    if (definition) return definition;
    const { problems } = place;
    if (element.name === 'base')
      problems.inElement(
        'PolicyStructure',
        element,
        place.inFragment
          ? "'<base />' cannot stand in a policy fragment."
          : "'<base />' can stand only directly in a section, not inside another policy.",
      );
    else if (element.name === 'policies' || element.name === 'fragment' || sectionNames.has(element.name))
      problems.inElement(
        'PolicyStructure',
        element,
        `'${element.name}' cannot stand among policies${place.inFragment ? ': a fragment holds policies only' : ''}.`,
      );
    else if (knownPolicies.includes(element.name)) {
      const message = notSupported(element.name);
      if (this.environment.allowUnsupported) {
        problems.inElement('PolicyNotSupported', element, `${message} It is skipped.`, element.at, 'warning');
        return 'ignored';
      }
      problems.inElement('PolicyNotSupported', element, message);
    } else {
      const nearest = nearestName(element.name, [...knownPolicies, 'base']);
      const hint = nearest ? ` Did you mean '${nearest}'?` : '';
      problems.inElement('PolicyUnknown', element, `There is no policy '${element.name}'.${hint}`);
    }
    return null;
  }

  #isAllowed(element: PolicyElement, definition: PolicyDefinition, place: Place): boolean {
    const { section, inside, problems } = place;
    const { name } = definition;
    const before = problems.items.length;
    if (section && !definition.sections.includes(section))
      problems.inElement(
        'PolicyStructure',
        element,
        `Policy '${name}' is not allowed in the section '${section}'. It can stand in ${definition.sections.join(', ')}.`,
      );
    if (!definition.scopes.includes(this.scope))
      problems.inElement(
        'PolicyStructure',
        element,
        `Policy '${name}' is not allowed in the scope '${this.scope}'. It can be used in ${definition.scopes.join(', ')}.`,
      );
    if (inside && (inside.model.except?.includes(name) || inside.model.only?.includes(name) === false)) {
      const hint = inside.model.only ? ` '${inside.name}' can contain ${inside.model.only.join(', ')}.` : '';
      problems.inElement('PolicyStructure', element, `Policy '${name}' cannot stand in '${inside.name}'.${hint}`);
    }
    return problems.items.length === before;
  }

  /** The policies inside an element that is not compiled itself, so that what is wrong with them is told in the same run. */
  #compileInside(
    element: PolicyElement,
    contents: readonly {
      readonly holder: PolicyElement;
      readonly model: Extract<ContentModel, { kind: 'policies' }>;
    }[],
    place: Place,
    path: string,
  ): void {
    for (const { holder, model } of contents) {
      const inside = { name: element.name, model };
      this.steps(holder.children, { ...place, path: `${path}/`, inside, counts: new Map() });
    }
  }

  /** The same for its own expressions. What type is wanted of them does not matter: the policy is refused anyway. */
  #checkExpressions(element: PolicyElement, schema: ElementSchema, problems: ProblemList): void {
    for (const { value } of element.attributes) this.#checkExpression(element, value, problems);
    if (element.text) this.#checkExpression(element, element.text, problems);
    const { children } = schema;
    if (children?.kind !== 'sequence' && children?.kind !== 'all') return;
    for (const child of element.children) {
      const item = children.items.find((one) => one.name === child.name);
      if (item) this.#checkExpressions(child, item.element, problems);
    }
  }

  #checkExpression(element: PolicyElement, value: PolicyValue, problems: ProblemList): void {
    if (value.kind !== 'expression' || value.unresolved) return;
    const result = compileOnce(value.text, 'object');
    if ('problems' in result) reportExpression(problems, element, value, result.problems);
  }

  #ignored(element: PolicyElement, place: Place, path: string): CompiledStep {
    const info = this.#info(element, place, path);
    return {
      info,
      run(exchange) {
        exchange.trace(info, `The policy '${info.source}' is not supported by this version of Lazuli and was skipped.`);
        return undefined;
      },
    };
  }

  #include(element: PolicyElement, place: Place): readonly CompiledStep[] {
    const { problems } = place;
    if (place.inFragment) {
      problems.inElement('PolicyStructure', element, "'include-fragment' cannot stand in a policy fragment.");
      return [];
    }
    if (!validateElement(element, includeFragmentElement, problems)) return [];
    const id = element.attributes.find((attribute) => attribute.name === 'fragment-id')?.value.text ?? '';
    const document = this.environment.fragments.get(id);
    if (!document) {
      problems.inElement('PolicyReference', element, `Policy fragment with id '${id}' could not be found.`);
      return [];
    }
    let read = this.#fragments.get(id);
    if (!read) {
      const { file, format, text } = document;
      read = readPolicyText(text, { file, format, kind: 'fragment', namedValues: this.environment.namedValues });
      this.#fragments.set(id, read);
      this.fragmentProblems.push(...read.problems);
    }
    if (!read.root) return [];
    const inner = new ProblemList(document.file);
    const steps = this.fragment(read.root, { ...place, problems: inner, inFragment: true });
    this.fragmentProblems.push(...inner.items);
    return steps;
  }

  /** The policies of a fragment's root element. */
  fragment(root: PolicyElement, place: Place): readonly CompiledStep[] {
    if (root.name !== 'fragment') {
      place.problems.inElement(
        'PolicyStructure',
        root,
        `The root element of a policy fragment is 'fragment', not '${root.name}'.`,
      );
      return [];
    }
    for (const attribute of root.attributes)
      if (attribute.name !== 'id' && !attribute.name.startsWith('xmlns'))
        place.problems.inElement('PolicySchema', root, `Unknown attribute '${attribute.name}'.`, attribute.at);
    if (root.text)
      place.problems.inElement(
        'PolicySchema',
        root,
        'The element cannot contain text.',
        root.text.locate(root.text.text.search(/\S/)),
      );
    return this.steps(root.children, place);
  }
}

const sectionNames = new Set<string>(['inbound', 'backend', 'outbound', 'on-error']);

const includeFragmentElement: ElementSchema = {
  attributes: { 'fragment-id': { type: 'string', required: true, expression: false, nonEmpty: true } },
};

/** Where policies may be in an element that nobody knows: looked at only when it is a misspelt `choose` or the like. */
function guessedPolicies(element: PolicyElement) {
  const model = { kind: 'policies' } as const;
  const branches = element.children.filter((child) => child.name === 'when' || child.name === 'otherwise');
  return branches.map((holder) => ({ holder, model }));
}

import type { CompileOptions } from '@lazuli/expressions';
import { attributeOf, type PolicyElement, type PolicyValue, type Position } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { runSteps } from '../pipeline/run-steps.ts';
import type { CompiledStep, Flow, Scope, Section, Step, StepInfo } from '../pipeline/step.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';
import { notSupported } from '../schema/known-policies.ts';
import { parseLiteral } from '../schema/literals.ts';
import { validateElement } from '../schema/validate-element.ts';
import type { BodyReads } from './body-reads.ts';
import type { DocumentCompiler, Place } from './document-compiler.ts';
import type { CompileEnvironment } from './environment.ts';
import { compileOnce } from './expression-cache.ts';
import type { PolicyCompiler, PreflightAnswer, Value } from './policy-compiler.ts';
import { reportExpression } from './report-expression.ts';
import { constantValue, conversions, expressionValue } from './values.ts';

/** The {@link PolicyCompiler} of one policy element. */
export class ElementCompiler implements PolicyCompiler {
  readonly section: Section;
  /** Bodies that the expressions of this policy read. */
  readonly bodies: BodyReads;
  readonly #document: DocumentCompiler;
  readonly #element: PolicyElement;
  readonly #definition: PolicyDefinition;
  readonly #place: Place;
  readonly #info: StepInfo;

  constructor(
    document: DocumentCompiler,
    element: PolicyElement,
    definition: PolicyDefinition,
    place: Place,
    info: StepInfo,
    bodies: BodyReads = { requestBody: false, responseBody: false },
  ) {
    this.#document = document;
    this.#element = element;
    this.#definition = definition;
    this.#place = place;
    this.#info = info;
    this.section = info.section;
    this.bodies = bodies;
  }

  get scope(): Scope {
    return this.#document.scope;
  }

  get info(): StepInfo {
    return this.#info;
  }

  get environment(): CompileEnvironment {
    return this.#document.environment;
  }

  string(element: PolicyElement, attribute: string): Value<string | null> {
    return this.#attribute<string | null>(element, attribute, 'string', null, conversions.string);
  }

  boolean(element: PolicyElement, attribute: string): Value<boolean> {
    return this.#attribute(element, attribute, 'bool', false, conversions.boolean);
  }

  int(element: PolicyElement, attribute: string): Value<number> {
    return this.#attribute(element, attribute, 'int', 0, conversions.int);
  }

  long(element: PolicyElement, attribute: string): Value<bigint> {
    return this.#attribute(element, attribute, 'long', 0n, conversions.long);
  }

  double(element: PolicyElement, attribute: string): Value<number> {
    return this.#attribute(element, attribute, 'double', 0, conversions.double);
  }

  choice(element: PolicyElement, attribute: string): Value<string> {
    return this.#attribute(element, attribute, 'string', '', conversions.choice);
  }

  object(element: PolicyElement, attribute: string): Value<unknown> {
    return this.#attribute<unknown>(element, attribute, 'object', null, conversions.object);
  }

  text(element: PolicyElement): Value<string | null> {
    const { text } = element;
    if (!text) return constantValue(null);
    if (text.kind === 'literal') return constantValue(text.text.trim());
    return this.#expression<string | null>(element, text, 'string', 'The content', null, conversions.string);
  }

  value(value: PolicyValue): Value<unknown> {
    if (value.kind === 'literal') return constantValue<unknown>(value.text);
    return this.#expression<unknown>(this.#element, value, 'object', 'The value', null, conversions.object);
  }

  has(element: PolicyElement, attribute: string): boolean {
    return attributeOf(element, attribute) !== undefined;
  }

  children(element: PolicyElement, name: string): readonly PolicyElement[] {
    return element.children.filter((child) => child.name === name);
  }

  child(element: PolicyElement, name: string): PolicyElement | undefined {
    return element.children.find((child) => child.name === name);
  }

  steps(element: PolicyElement, pathPrefix?: string): readonly CompiledStep[] {
    const model = this.#document.schemas.get(element)?.children;
    const path = `${this.#info.path}/${pathPrefix ? `${pathPrefix}/` : ''}`;
    const inside = { name: element.name, model: model?.kind === 'policies' ? model : ({ kind: 'policies' } as const) };
    return this.#document.steps(element.children, { ...this.#place, path, inside, counts: new Map() });
  }

  run(steps: readonly CompiledStep[], exchange: Exchange): Flow | Promise<Flow> {
    return runSteps(steps, exchange);
  }

  nested(element: PolicyElement): Step {
    const definition = this.#document.definition(element.name);
    if (!definition) {
      this.report(element, notSupported(element.name));
      return () => undefined;
    }
    if (!validateElement(element, definition.element, this.#place.problems)) return () => undefined;
    this.#document.register(element, definition.element);
    const info = { ...this.#info, source: element.name, path: `${this.#info.path}/${element.name}[1]` };
    const compiler = new ElementCompiler(this.#document, element, definition, this.#place, info, this.bodies);
    definition.validate?.(element, compiler);
    return definition.compile(element, compiler);
  }

  reads(body: 'request' | 'response'): void {
    if (body === 'request') this.bodies.requestBody = true;
    else this.bodies.responseBody = true;
  }

  onPreflight(handler: (exchange: Exchange) => PreflightAnswer): void {
    this.#document.preflight.push(handler);
  }

  report(element: PolicyElement, message: string, at?: Position): void {
    this.#place.problems.inElement('PolicySchema', element, message, at);
  }

  warn(element: PolicyElement, message: string, at?: Position): void {
    this.#place.problems.inElement('PolicySchema', element, message, at, 'warning');
  }

  #attribute<T>(
    element: PolicyElement,
    name: string,
    target: CompileOptions['target'],
    fallback: T,
    convert: (value: unknown, schema: AttributeSchema) => T,
  ): Value<T> {
    const schema = this.#schema(element, name);
    const value = attributeOf(element, name)?.value;
    if (value?.kind === 'expression')
      return this.#expression(element, value, target, `The attribute '${name}'`, fallback, (result) =>
        convert(result, schema),
      );
    const text = value?.text ?? schema.default;
    if (text === undefined || value?.unresolved) return constantValue(fallback);
    // Boxed so that a literal takes the way of an expression's result; it was checked when the element was validated.
    const literal = target === 'object' ? { value: text } : parseLiteral(text, schema);
    return constantValue('value' in literal ? convert(literal.value, schema) : fallback);
  }

  #expression<T>(
    element: PolicyElement,
    value: PolicyValue,
    target: CompileOptions['target'],
    where: string,
    fallback: T,
    convert: (result: unknown) => T,
  ): Value<T> {
    if (value.unresolved) return constantValue(fallback);
    const result = compileOnce(value.text, target);
    if ('problems' in result) {
      reportExpression(this.#place.problems, element, value, result.problems);
      return constantValue(fallback);
    }
    if (result.compiled.reads.requestBody) this.bodies.requestBody = true;
    if (result.compiled.reads.responseBody) this.bodies.responseBody = true;
    return expressionValue(result.compiled, where, convert);
  }

  #schema(element: PolicyElement, name: string): AttributeSchema {
    const schema = this.#document.schemas.get(element)?.attributes[name];
    if (schema) return schema;
    throw new TypeError(
      `The policy '${this.#definition.name}' reads the attribute '${name}' of '${element.name}', which its schema does not have.`,
    );
  }
}

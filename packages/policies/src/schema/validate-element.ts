import type { PolicyElement } from '../document/element.ts';
import { nearestName } from '../document/nearest-name.ts';
import type { DocumentErrorCode } from '../errors.ts';
import type { ProblemList } from '../problems/problem-list.ts';
import type { AttributeSchema, ChildSchema, ContentModel, ElementSchema } from './definition.ts';
import { parseLiteral } from './literals.ts';

/**
 * Checks an element against its schema: attributes, text, children, down to the last one; policies inside it
 * (`choose/when`) are left to the caller. Reports everything; says whether the element is good.
 */
export function validateElement(element: PolicyElement, schema: ElementSchema, problems: ProblemList): boolean {
  return new ElementValidator(problems).validate(element, schema);
}

/** The elements below `element` that hold policies, each with the model that says which. */
export function* policyContents(
  element: PolicyElement,
  schema: ElementSchema,
): Generator<{ readonly holder: PolicyElement; readonly model: Extract<ContentModel, { kind: 'policies' }> }> {
  const model = schema.children;
  if (!model || model.kind === 'verbatim') return;
  if (model.kind === 'policies') {
    yield { holder: element, model };
    return;
  }
  for (const child of element.children) {
    const item = model.items.find((one) => one.name === child.name);
    if (item) yield* policyContents(child, item.element);
  }
}

/** Accepted on every element (`id`: error page; the XSDs have it everywhere). */
const everywhere: Readonly<Record<string, AttributeSchema>> = { id: { type: 'string', expression: false } };

class ElementValidator {
  readonly #problems: ProblemList;
  #isGood = true;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  validate(element: PolicyElement, schema: ElementSchema): boolean {
    this.#attributes(element, schema);
    this.#text(element, schema);
    this.#children(element, schema.children);
    return this.#isGood;
  }

  #report(element: PolicyElement, message: string, at = element.at, code: DocumentErrorCode = 'PolicySchema'): void {
    this.#isGood = false;
    this.#problems.inElement(code, element, message, at);
  }

  #attributes(element: PolicyElement, schema: ElementSchema): void {
    for (const { name, value, at } of element.attributes) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const attribute = Object.hasOwn(schema.attributes, name)
        ? schema.attributes[name]
        : Object.hasOwn(everywhere, name)
          ? everywhere[name]
          : undefined;
      if (!attribute) {
        const known = Object.keys(schema.attributes);
        const nearest = nearestName(name, known);
        const hint = nearest
          ? ` Did you mean '${nearest}'?`
          : known.length === 0
            ? ''
            : ` The attributes of '${element.name}' are ${known.join(', ')}.`;
        this.#report(element, `Unknown attribute '${name}'.${hint}`, at);
        continue;
      }
      if (value.kind === 'expression') {
        if (!attribute.expression)
          this.#report(
            element,
            `The attribute '${name}' must be a literal: policy expressions are not allowed in it.`,
            value.at,
          );
        continue;
      }
      if (value.unresolved) {
        this.#isGood = false;
        continue;
      }
      if (value.text.trim() === '' && (attribute.nonEmpty || attribute.type !== 'string')) {
        this.#report(element, `The attribute '${name}' must not be empty.`, value.at);
        continue;
      }
      const literal = parseLiteral(value.text, attribute);
      if (!('expected' in literal)) continue;
      const orExpression = attribute.expression ? ' or a policy expression' : '';
      this.#report(
        element,
        `The attribute '${name}' is '${value.written}'; expected ${literal.expected}${orExpression}.`,
        value.at,
      );
    }
    for (const [name, attribute] of Object.entries(schema.attributes))
      if (attribute.required && !element.attributes.some((one) => one.name === name))
        this.#report(element, `The required attribute '${name}' is missing.`);
  }

  #text(element: PolicyElement, schema: ElementSchema): void {
    if (schema.children?.kind === 'verbatim') return;
    const { text } = element;
    if (!text) {
      if (schema.text?.required) this.#report(element, 'The element must have content.');
      return;
    }
    if (text.unresolved) this.#isGood = false;
    if (!schema.text) this.#report(element, 'The element cannot contain text.', text.locate(text.text.search(/\S/)));
    else if (text.kind === 'expression' && !schema.text.expression)
      this.#report(element, 'The content must be a literal: policy expressions are not allowed in it.', text.at);
  }

  #children(element: PolicyElement, model: ContentModel | undefined): void {
    if (!model) {
      const [first] = element.children;
      if (first)
        this.#report(
          element,
          `The element cannot contain elements such as '${first.name}'.`,
          first.at,
          'PolicyUnknown',
        );
      return;
    }
    if (model.kind === 'verbatim') return;
    if (model.kind === 'policies') {
      if (element.children.length < (model.min ?? 0))
        this.#report(element, 'The element must contain at least one policy.');
      return;
    }
    const known = this.#knownChildren(element, model.items);
    if (model.kind === 'sequence') this.#order(element, known, model.items);
    else if (element.children.length < (model.min ?? 0))
      this.#report(
        element,
        `The element must contain at least one of ${model.items.map((item) => item.name).join(', ')}.`,
      );
    for (const item of model.items) this.#count(element, item);
    for (const child of known) {
      const item = model.items.find((one) => one.name === child.name);
      if (item) this.validate(child, item.element);
    }
  }

  #knownChildren(element: PolicyElement, items: readonly ChildSchema[]): PolicyElement[] {
    const names = items.map((item) => item.name);
    return element.children.filter((child) => {
      if (names.includes(child.name)) return true;
      const nearest = nearestName(child.name, names);
      const hint = nearest ? ` Did you mean '${nearest}'?` : ` '${element.name}' can contain ${names.join(', ')}.`;
      this.#report(child, `'${child.name}' cannot stand in '${element.name}'.${hint}`, child.at, 'PolicyUnknown');
      return false;
    });
  }

  #order(element: PolicyElement, children: readonly PolicyElement[], items: readonly ChildSchema[]): void {
    const names = items.map((item) => item.name);
    let last = 0;
    for (const child of children) {
      const index = names.indexOf(child.name);
      if (index < last)
        this.#report(
          child,
          `'${child.name}' must stand before '${names[last]}'. The order in '${element.name}' is ${names.join(', ')}.`,
        );
      else last = index;
    }
  }

  #count(element: PolicyElement, item: ChildSchema): void {
    const found = element.children.filter((child) => child.name === item.name);
    if (found.length < item.min)
      this.#report(
        element,
        item.min === 1
          ? `The required element '${item.name}' is missing.`
          : `At least ${item.min} elements '${item.name}' are required.`,
      );
    const extra = found[item.max];
    if (extra)
      this.#report(
        extra,
        item.max === 1
          ? `'${item.name}' can stand only once in '${element.name}'.`
          : `'${item.name}' can stand at most ${item.max} times in '${element.name}'.`,
      );
  }
}
